import { divergence, grad, jvp } from "@pushforward/autodiff";
import { type ExactDistribution, interpolate } from "@pushforward/flows";
import { add, dot, mul, onesLike, reshape, sum, type Tensor, zerosLike } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { randomGaussian, randomMixture, randomMixtureOnLine } from "../randomFlow.ts";

const randomLaw = (draws: Draws): ExactDistribution =>
  draws.pick([
    () => randomGaussian(draws, draws.integer(1, 3)),
    () => randomMixture(draws),
    () => randomMixtureOnLine(draws),
  ])();

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const law = randomLaw(draws);
  const t = draws.uniforms([n, 1], 0.02, 1);
  const x = interpolate(draws.normal([n, law.dim]), law.sample(draws.subkey(), n), t);
  const speed = isBroken ? 0.9 : 1;
  const v = (y: Tensor): Tensor => mul(speed, law.velocity(y, t));
  const score = grad((y: Tensor) => sum(law.logProb(y, t)))(x) as Tensor;
  const [, change] = jvp((time: Tensor) => law.logProb(x, time), [t], [onesLike(t)]);
  const balance = add(add(change, dot(v(x), score, -1)), divergence(v)(x));
  return worstOf(rowGaps(law.score(x, t), score), rowGaps(reshape(balance, [n, 1]), zerosLike(t)));
}

/** The exact velocity transports the marginals, and the exact score is the gradient of their log-density. */
export const continuityEquation = defineLaw({
  name: "continuityEquation",
  title: "Continuity equation",
  statement: "Velocities of Gaussians and mixtures transport their marginals; scores are gradients of log-densities.",
  formula: String.raw`\partial_t \log\rho_t + v_t\cdot\nabla\log\rho_t + \nabla\cdot v_t = 0,\qquad s_t = \nabla\log\rho_t`,
  bound: 1e-9,
  broken: "the velocity is ten per cent too slow",
  ...rowByRow(instances, 8),
});
