import { grad } from "@pushforward/autodiff";
import { type AverageVelocity, type FlowMapForm, formNetworks } from "@pushforward/flows";
import { type AnyLoss, losses } from "@pushforward/losses";
import { add, exp, full, mul, sum, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { worse } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { randomTimes } from "../lossInstance.ts";
import { randomFlow } from "../randomFlow.ts";
import { rowAverageVelocity, rowParameters } from "../rowNetwork.ts";

/** Losses that vanish at the exact map. */
const candidates: readonly AnyLoss[] = Object.values(losses).filter(({ optimum }) => optimum === "zero");

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { flow, points } = randomFlow(draws);
  const loss = draws.pick(candidates);
  const times = randomTimes(draws, n);
  const xs = points(times.s);
  const bend = rowAverageVelocity(rowParameters(draws, n, { inputs: flow.dim + 2, outputs: flow.dim }));
  // u + θ·b with b ≠ 0 also on the diagonal, so that the gradient at θ = 0 involves all parts of the loss
  // losses of samples use velocities only: for them the velocity of the samples is perturbed, with constant θ
  const off = isBroken ? 0.3 : 0;
  const along = {
    fakeVelocity: (x: Tensor, t: Tensor) => add(flow.velocity(x, t), mul(off, bend(x, t, t))),
    ratio: (x: Tensor) => exp(mul(off, sum(x, -1))),
    normalize: (weights: Tensor) => weights,
    freshNoise: draws.normal(xs.shape),
    pairs: { noise: xs, data: flow.flowMap(xs, 0, 1) },
  };
  const form = Object.hasOwn(formNetworks, loss.learns) ? (loss.learns as FlowMapForm) : "firstOrder";
  const exact = formNetworks[form](flow.averageVelocity, flow.velocity);
  const valueAt = (theta: Tensor): Tensor => {
    const u: AverageVelocity = (x, s, t) => add(exact(x, s, t), mul(theta, bend(x, s, t)));
    return loss.loss({
      ...times,
      u,
      ema: flow.averageVelocity,
      unconditional: flow.averageVelocity,
      teacherMap: flow.flowMap,
      warmup: 1,
      xs,
      noise: xs,
      data: xs,
      v: flow.velocity(xs, times.s),
      teacher: flow.velocity,
      solve: flow.flowMap,
      ...along,
      delta: draws.uniforms([n, 1], 0.01, 0.05),
    });
  };
  const theta = full([n, 1], isBroken ? 0.3 : 0);
  const values = valueAt(theta).dataSync();
  const slopes = (grad((each: Tensor) => sum(valueAt(each)))(theta) as Tensor).dataSync();
  // a value is a squared residual, or a product with a residual
  return Float64Array.from(values, (value, i) => worse(Math.sqrt(Math.abs(value)), Math.abs(slopes[i])));
}

/** Exact maps are the optima of the losses with the optimum "zero". */
export const exactMapsAreOptimal = defineLaw({
  name: "exactMapsAreOptimal",
  title: "Exact maps are optima",
  statement:
    "At the exact map of a Gaussian, a linear ODE or a mixture on the line, with the exact velocity, every loss with the declared optimum zero has value and gradient zero; so has every loss of samples if the samples have the velocity of the data.",
  formula: String.raw`\mathcal L(\Phi^\star, v^\star) = 0,\qquad \partial_\theta \mathcal L\bigl(\Phi^\star + (t-s) \theta b\bigr)\big\vert_{\theta=0} = 0`,
  bound: 1e-8,
  broken: "the map, or the velocity of the samples, is perturbed: θ = 0.3",
  weight: 3,
  ...rowByRow(instances, 2),
});
