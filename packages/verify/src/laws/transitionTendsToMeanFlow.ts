import { jvp, stopGradient } from "@pushforward/autodiff";
import { losses } from "@pushforward/losses";
import { add, div, mul, onesLike, pow, sqrt, square, sub, sum, type Tensor, tan, zerosLike } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowGradients } from "../lossInstance.ts";
import { type RowParameters, rowAverageVelocity } from "../rowNetwork.ts";
import { withoutWeight } from "../withoutWeight.ts";

/** The largest step of the difference. */
const largest = 0.05;

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { dim, parameters: wide, samples } = lossInstance(draws, n);
  const { s, t, xs } = samples;
  // A small network and a large velocity keep the target away from 0, where it has no direction.
  const parameters = { ...wide, A: mul(0.1, wide.A), c: mul(0.1, wide.c) };
  const v = div(add(samples.v, 8), 4);
  const along = isBroken ? mul(0.5, v) : v;
  const path = { noise: sub(xs, mul(s, v)), data: add(xs, mul(sub(1, s), v)) };
  const factor = pow(add(1, sub(tan(sub(1, s)), tan(sub(1, t)))), -0.5);
  const meanFlow = (p: RowParameters): Tensor => {
    const u = rowAverageVelocity(p);
    const [U, dU] = jvp(u, [xs, s, t], [along, onesLike(s), zerosLike(t)]);
    const target = stopGradient(add(v, mul(sub(t, s), dU)), "target");
    const cosine = div(sum(mul(U, target), -1), sqrt(mul(sum(square(U), -1), sum(square(target), -1))));
    return sub(div(losses.meanFlow.loss({ ...samples, u, v, along }), dim), cosine);
  };
  const at = (delta: number): Tensor =>
    withoutWeight(lossOf(losses.transition, samples, { ...path, delta }), parameters, { factor, c: 1e-5 }).slopes;
  // Richardson in even powers of the step: (4·f(h/2) − f(h))/3, and (16·g(h/2) − g(h))/15
  const once = (h: number): Tensor => mul(1 / 3, sub(mul(4, at(h / 2)), at(h)));
  const twice = mul(1 / 15, sub(mul(16, once(largest / 2)), once(largest)));
  return rowGaps(twice, rowGradients(meanFlow, parameters));
}

/** The central difference of TiM misses the derivative of MeanFlow by even powers of its step. */
export const transitionTendsToMeanFlow = defineLaw({
  name: "transitionTendsToMeanFlow",
  title: "Transition models → MeanFlow, O(δ²)",
  statement:
    "Without its weight the gradient of TiM is that of MeanFlow and of the cosine to MeanFlow's target, up to even powers of the step, the first of them δ².",
  formula: String.raw`\nabla e_{\delta} = \nabla\left(\tfrac1D \mathcal L_{\mathrm{MeanFlow}} - \cos(U, \operatorname{sg}[y])\right) + O(\delta^2)`,
  bound: 1e-7,
  broken: "the derivative of MeanFlow is along half of v",
  ...rowByRow(instances, 8),
});
