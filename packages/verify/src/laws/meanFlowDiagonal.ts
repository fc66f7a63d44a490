import { losses } from "@pushforward/losses";
import { sub } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const v = sub(samples.data, samples.noise);
  const t = isBroken ? samples.t : samples.s;
  return rowGaps(
    rowJets(lossOf(losses.meanFlow, samples, { v, t }), parameters),
    rowJets(lossOf(losses.flowMatching, samples, { v }), parameters),
  );
}

/** On the diagonal MeanFlow is flow matching. */
export const meanFlowDiagonal = defineLaw({
  name: "meanFlowDiagonal",
  title: "MeanFlow at t = s is flow matching",
  statement: "With t = s the MeanFlow loss equals the flow matching loss in value and gradient.",
  formula: String.raw`\mathcal L_{\mathrm{MeanFlow}}(s, t = s) = \lVert U(X_s, s, s) - (X_1 - X_0)\rVert^2`,
  bound: 1e-13,
  broken: "t is larger than s",
  weight: 0.7,
  ...rowByRow(instances, 8),
});
