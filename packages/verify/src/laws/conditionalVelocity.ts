import { grad } from "@pushforward/autodiff";
import {
  type AverageVelocity,
  type ExactFlow,
  type GaussianMixture,
  gaussianMixture,
  interpolate,
  quantileFlow,
} from "@pushforward/flows";
import { type AnyLoss, losses } from "@pushforward/losses";
import { add, concat, dot, mul, sin, sub, type Tensor, tensor, zeros } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { gapOf, worse } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";
import { normalGrid } from "../quadrature.ts";
import { randomGaussian } from "../randomFlow.ts";

/** Losses whose expected gradient is exact if v is the velocity of one sample. */
const unbiased: readonly AnyLoss[] = Object.values(losses).filter((loss) => loss.conditionalVelocity === "unbiased");

const coarse = normalGrid(2);
/** For mixtures, whose velocity has poles near the real line. */
const fine = normalGrid(2, 0.3, 7.5);

/** Two Gaussians on the line that overlap. */
const overlapping = (draws: Draws): GaussianMixture =>
  gaussianMixture({
    weights: draws.list(2, () => draws.uniform(0.3, 1)),
    means: draws.list(2, () => draws.uniform(-1, 1)),
    stds: draws.list(2, () => draws.uniform(0.7, 1.2)),
  });

/** X_0 and X_1 on a grid, with the probabilities of their pairs. */
interface Pairs {
  readonly noise: Tensor;
  readonly data: Tensor;
  readonly weights: Tensor;
}

/** All pairs of a standard normal X_0 and an X_1 of the mixture. */
function pairsOf({ components, weights }: Pick<GaussianMixture, "components" | "weights">): Pairs {
  const grid = components.length === 1 ? coarse : fine;
  const [z0, z1] = grid.points.split(2, 1);
  return {
    noise: concat(components.map(() => z0)),
    data: concat(components.map(({ mean, variances }) => add(mean[0], mul(Math.sqrt(variances[0]), z1)))),
    weights: concat(weights.map((weight) => mul(weight, grid.weights))),
  };
}

/** A perturbation of the average velocity, an entire function, so that the grid integrates it accurately. */
function waves(draws: Draws): AverageVelocity {
  const [a, b, c, d] = draws.list(4, () => draws.uniform(-1, 1));
  return (x, s, t) => sin(add(add(mul(a, x), mul(b, s)), add(mul(c, t), d)));
}

function instance(draws: Draws, isBroken: boolean): number {
  // slow: the map of a mixture is computed by bisection at thousands of points
  const mixture = draws.chance(0.05) ? overlapping(draws) : undefined;
  const gaussian = randomGaussian(draws, 1);
  const flow: ExactFlow = mixture ? quantileFlow(mixture) : gaussian;
  const { noise, data, weights } = pairsOf(mixture ?? { components: [gaussian], weights: [1] });
  const s = draws.uniform(0, 0.8);
  const t = draws.uniform(s + 0.1, 1);
  const xs = interpolate(noise, data, s);
  const v = sub(data, noise);
  const loss = isBroken ? losses.backwardExact : draws.pick(unbiased);
  const bends = [waves(draws), waves(draws)];
  const expected = (theta: Tensor): Tensor => {
    const u: AverageVelocity = (x, a, b) =>
      bends.reduce((sum, bend, i) => add(sum, mul(theta.slice(i), bend(x, a, b))), flow.averageVelocity(x, a, b));
    return dot(
      weights,
      loss.loss({ u, unconditional: flow.averageVelocity, noise, data, xs, v, s, t, teacher: () => v }),
    );
  };
  const slopes = Array.from((grad(expected)(zeros([bends.length])) as Tensor).dataSync(), Math.abs);
  const stationary = slopes.reduce(worse);
  if (isBroken || mixture) return stationary;
  // FM, iMF and pMF leave C_s, MeanFlow J·C_s·J with J = ∂Φ/∂x = Φ(x + 1) − Φ(x) on the line; the end time of consistency is 1
  const end = loss.name === "continuousConsistency" ? 1 : t;
  const [near, far] = [0, 1].map((x) => gaussian.flowMap(tensor([[x]]), s, end).item());
  const stretch = ["flowMatching", "improvedMeanFlow", "pixelMeanFlow"].includes(loss.name) ? 1 : far - near;
  // SGFlow subtracts that variance.
  const least = loss.name === "sgFlow" ? 0 : stretch ** 2 * gaussian.velocityVariance(s).item();
  return worse(stationary, gapOf(expected(zeros([bends.length])).item(), least));
}

/** The velocity of one sample may replace the mean velocity if the gradient is linear in it. */
export const conditionalVelocity = defineLaw({
  name: "conditionalVelocity",
  title: "One sample's velocity is unbiased",
  statement:
    "With v = X₁ − X₀ the expected gradient at the exact map vanishes for the losses declared unbiased, and on Gaussians the value is the conditional variance pushed through the map; expectations by quadrature.",
  formula: String.raw`\mathbb E \partial_\theta\mathcal L\bigl(\Phi^\star; v = X_1 - X_0\bigr) = 0,\qquad \mathbb E \mathcal L_{\mathrm{FM}} = \mathbb E \mathcal L_{\mathrm{iMF}} = \operatorname{tr} C_s,\qquad \mathbb E \mathcal L_{\mathrm{MeanFlow}} = \operatorname{tr}\bigl(J C_s J^{\mathsf T}\bigr)`,
  bound: 1e-8,
  broken: "the backward loss is differentiated as a whole, which makes it quadratic in v",
  weight: 0.5,
  ...oneByOne(instance),
});
