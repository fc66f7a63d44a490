import { losses } from "@pushforward/losses";
import { add, cos, div, mul, onesLike, pow, reshape, sqrt, square, sub, sum, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowGradients } from "../lossInstance.ts";
import { type RowParameters, rowAverageVelocity } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { dim, parameters: wide, samples } = lossInstance(draws, n);
  const { s, xs } = samples;
  // Small outputs and velocities leave every coordinate of the residual within the clip.
  const parameters = { ...wide, A: mul(0.05, wide.A), c: mul(0.05, wide.c) };
  const v = mul(0.1, samples.v);
  const meanFlow = lossOf(losses.meanFlow, samples, { v, t: onesLike(s) });
  const anchor = (p: RowParameters): Tensor => {
    const own = rowAverageVelocity(p)(xs, s, s);
    const cosine = div(sum(mul(own, v), -1), sqrt(mul(sum(square(own), -1), sum(square(v), -1))));
    return sub(div(sum(square(sub(own, v)), -1), dim), cosine);
  };
  // e = (1 − √s)²·MeanFlow/D has the gradient (1 − √s)·∇MeanFlow/D, since its target is (1 − √s) times as far
  const part = isBroken ? onesLike(s) : sub(1, sqrt(s));
  const error = div(mul(square(part), reshape(meanFlow(parameters), [-1, 1])), dim);
  const factor = div(mul(mul(part, cos(mul(Math.PI / 2, s))), pow(add(error, 0.001), -0.5)), dim);
  return rowGaps(
    rowGradients(lossOf(losses.facm, samples, { v }), parameters),
    add(mul(factor, rowGradients(meanFlow, parameters)), rowGradients(anchor, parameters)),
  );
}

/** FACM without its clip is MeanFlow at t = 1 with a weight, and its anchor. */
export const facmIsMeanFlow = defineLaw({
  name: "facmIsMeanFlow",
  title: "FACM is MeanFlow at t = 1 and an anchor",
  statement:
    "Where no coordinate is clipped, the gradient of FACM is a weight times that of MeanFlow with t = 1, and the gradient of its anchor; at s = 0 the relaxation is 1.",
  formula: String.raw`\nabla\mathcal L_{\mathrm{FACM}} = \frac{(1 - \sqrt s) \cos(\tfrac\pi2 s)}{D \sqrt{e + c}} \nabla\mathcal L_{\mathrm{MeanFlow}}(t = 1) + \nabla\left(\tfrac1D \lVert U(X_s, s, s) - v\rVert^2 - \cos(U(X_s, s, s), v)\right)`,
  bound: 1e-11,
  broken: "the relaxation is left out",
  ...rowByRow(instances, 8),
});
