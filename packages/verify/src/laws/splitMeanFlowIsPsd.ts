import { losses } from "@pushforward/losses";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";
import { rowAverageVelocity, rowParameters } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { dim, parameters, samples } = lossInstance(draws, n);
  const other = rowAverageVelocity(rowParameters(draws, n, { inputs: dim + 2, outputs: dim }));
  return rowGaps(
    rowJets(lossOf(losses.splitMeanFlow, samples, isBroken ? { ema: other } : {}), parameters),
    rowJets(lossOf(losses.psd, samples), parameters),
  );
}

/** With the student in the place of the averaged network SplitMeanFlow is PSD. */
export const splitMeanFlowIsPsd = defineLaw({
  name: "splitMeanFlowIsPsd",
  title: "SplitMeanFlow with its own steps is PSD",
  statement: "With the student in the place of the averaged network SplitMeanFlow is PSD, in value and gradient.",
  formula: String.raw`\bar U = U \Rightarrow \mathcal L_{\mathrm{SplitMeanFlow}} = \mathcal L_{\mathrm{PSD}}`,
  bound: 1e-13,
  broken: "the averaged network is another one",
  ...rowByRow(instances, 8),
});
