import { losses } from "@pushforward/losses";
import { mul, reshape, sub } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowGradients } from "../lossInstance.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const [free, lagrangian] = [losses.freeFlow, losses.ayfLmd].map((loss) => lossOf(loss, samples));
  const length = isBroken ? samples.t : sub(samples.t, samples.s);
  return worstOf(
    rowGaps(reshape(free(parameters), [n, 1]), reshape(lagrangian(parameters), [n, 1])),
    rowGaps(mul(length, rowGradients(free, parameters)), rowGradients(lagrangian, parameters)),
  );
}

/** FreeFlow's prediction is AYF-LMD, compared as an average velocity instead of as a map. */
export const freeFlowIsLagrangian = defineLaw({
  name: "freeFlowIsLagrangian",
  title: "FreeFlow's prediction is AYF-LMD over t − s",
  statement:
    "FreeFlow's prediction has the value of AYF-LMD, and its gradient is that of AYF-LMD over t − s; from noise, at s = 0, over t.",
  formula: String.raw`\mathcal L_{\mathrm{FreeFlow}} = \mathcal L_{\mathrm{AYF-LMD}},\qquad (t - s) \nabla \mathcal L_{\mathrm{FreeFlow}} = \nabla \mathcal L_{\mathrm{AYF-LMD}}`,
  bound: 1e-13,
  broken: "the factor is t",
  ...rowByRow(instances, 8),
});
