import { losses } from "@pushforward/losses";
import { sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowGradients } from "../lossInstance.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const v = isBroken ? sub(samples.data, samples.noise) : samples.v;
  const meanFlow = lossOf(losses.meanFlow, samples, { v });
  const [exact, semi] = [losses.backwardExact, losses.backwardSemi].map((loss) => lossOf(loss, samples));
  const value = (f: typeof meanFlow): Tensor => f(parameters).reshape([n, 1]);
  return worstOf(
    rowGaps(value(meanFlow), value(exact)),
    rowGaps(value(meanFlow), value(semi)),
    rowGaps(rowGradients(meanFlow, parameters), rowGradients(semi, parameters)),
  );
}

/** With the teacher's velocity MeanFlow is the backward loss. */
export const meanFlowIsBackward = defineLaw({
  name: "meanFlowIsBackward",
  title: "MeanFlow with a teacher is the backward loss",
  statement:
    "With v the teacher's velocity MeanFlow has the value of the backward loss, and the gradient of its semi-gradient form.",
  formula: String.raw`\mathcal L_{\mathrm{MeanFlow}}(v = v_s) = \lVert v_s - U + (t-s)\tfrac{dU}{ds}\rVert^2 = \lVert \partial_s\Phi + \nabla\Phi v_s\rVert^2`,
  bound: 1e-12,
  broken: "v is the velocity of one sample",
  ...rowByRow(instances, 8),
});
