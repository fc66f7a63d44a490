import { grad } from "@pushforward/autodiff";
import { type Gaussian, linearGenerator } from "@pushforward/flows";
import { type LossName, losses } from "@pushforward/losses";
import { add, div, log, mul, slice, square, sub, sum, type Tensor, tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { listGap } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";
import { normalGrid } from "../quadrature.ts";
import { randomGaussian } from "../randomFlow.ts";

const { points, weights } = normalGrid(2);
const [latent, freshNoise] = [slice(points, null, [0, 1]), slice(points, null, [1, 2])];

/** Divergence and mismatch between a generator N(m, a²) and data on the line at time t, as functions of p = (m, a). */
type Distance = (p: Tensor, data: Gaussian, t: number) => Tensor;

const varianceAt = (variance: Tensor | number, t: number): Tensor => add(mul(t * t, variance), (1 - t) ** 2);
const gainAt = (variance: Tensor | number, t: number): Tensor =>
  div(sub(mul(t, variance), 1 - t), varianceAt(variance, t));

/** KL_t = ½·[ln(S/S^θ) + (S^θ + t²(m − μ)²)/S − 1] */
const kl: Distance = (p, data, t) => {
  const [own, theirs] = [varianceAt(square(slice(p, 1)), t), varianceAt(data.variances[0], t)];
  const shift = mul(t, sub(slice(p, 0), data.mean[0]));
  return mul(0.5, add(log(div(theirs, own)), sub(div(add(own, square(shift)), theirs), 1)));
};

/** V_t = (K^θ − K)²·S^θ + (1 − tK)²(m − μ)² */
const velocityGap: Distance = (p, data, t) => {
  const variance = square(slice(p, 1));
  const theirs = gainAt(data.variances[0], t);
  const shift = mul(sub(slice(p, 0), data.mean[0]), sub(1, mul(t, theirs)));
  return add(mul(square(sub(gainAt(variance, t), theirs)), varianceAt(variance, t)), square(shift));
};

const times =
  (factor: (t: number) => number, distance: Distance = velocityGap): Distance =>
  (p, data, t) =>
    mul(factor(t), distance(p, data, t));

/** The function whose gradient each loss has. */
const distances = {
  integratedKl: kl,
  freeFlowCorrection: times((t) => (2 * (1 - t)) / t ** 2, kl),
  velocityMatching: velocityGap,
  fisher: times((t) => (t / (1 - t)) ** 2),
  uniInstructReverseKlExact: times((t) => t / (1 - t)),
} as const satisfies { readonly [L in LossName]?: Distance };

function instance(draws: Draws, isBroken: boolean): number {
  const data = randomGaussian(draws, 1);
  const p = tensor([draws.uniform(-1, 1), draws.uniform(0.4, 1.2)]);
  const name = draws.pick(Object.keys(distances) as (keyof typeof distances)[]);
  const t = draws.uniform(0.2, 0.8);
  const studentAt = (q: Tensor) => linearGenerator({ scale: slice(q, [1, 2]), shift: slice(q, [0, 1]) });
  const own = studentAt(isBroken ? add(p, tensor([0.2, 0.1])) : p);
  const got = grad((q: Tensor) => {
    const values = losses[name].loss({
      ...{ generator: studentAt(q).generate, fakeVelocity: own.velocity, teacher: data.velocity },
      ...{ noise: latent, data: latent, xs: latent, v: latent, freshNoise, s: 0, t },
    });
    return sum(mul(weights, values));
  })(p) as Tensor;
  const want = grad((q: Tensor) => distances[name](q, data, t))(p) as Tensor;
  return listGap(got.dataSync(), want.dataSync());
}

/** Gradients on samples, with a constant velocity of the samples, are gradients of divergences. */
export const generatorGradients = defineLaw({
  name: "generatorGradients",
  title: "Gradients of generators",
  statement:
    "For a linear generator on the line, with the exact velocity of its samples as a constant, the expected gradients of integrated KL, FreeFlow's correction, velocity matching, Fisher and Uni-Instruct equal the gradients of the closed forms, in which this velocity depends on the parameters.",
  formula: String.raw`\mathbb E\bigl[\tfrac{t^2}{1-t}(v_\psi - v_\varphi)\cdot\partial_\theta G\bigr] = \nabla_\theta \mathrm{KL}_t,\qquad \nabla_\theta \mathbb E\bigl[2a\cdot(\dot X - v_\varphi) - \lVert a\rVert^2\bigr]\big\vert_{a = v_\psi - v_\varphi} = \nabla_\theta V_t`,
  bound: 1e-11,
  controlBound: 1e-4,
  broken: "the velocity lags: it belongs to a generator with slightly different parameters",
  weight: 0.3,
  ...oneByOne(instance),
});
