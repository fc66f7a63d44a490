import { grad } from "@pushforward/autodiff";
import { type AverageVelocity, interpolate } from "@pushforward/flows";
import { type AnyLoss, losses } from "@pushforward/losses";
import { add, dot, mul, sin, sub, type Tensor, zeros } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { worse } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";
import { gaussLegendre, normalGrid } from "../quadrature.ts";
import { randomGaussian } from "../randomFlow.ts";

/** Losses of maps without a critic whose value at the exact map is a variance, and whose expected gradient vanishes. */
const stationary: readonly AnyLoss[] = (Object.values(losses) as readonly AnyLoss[]).filter(
  ({ optimum, learns, needs }) => optimum === "stationary" && learns !== "generator" && !needs.includes("critic"),
);
/** The losses among them that are also expectations over a middle time. */
const averaged = stationary.filter(({ needs }) => needs.includes("r"));

const grid = normalGrid(2);
const middle = gaussLegendre(12);
/** A constant middle time, instead of a uniform one. */
const fixed = { nodes: [0.3], weights: [1] };

/** A perturbation of the average velocity, an entire function, so that the grid integrates it accurately. */
function wave(draws: Draws): AverageVelocity {
  const [a, b, c, d] = draws.list(4, () => draws.uniform(-1, 1));
  return (x, s, t) => sin(add(add(mul(a, x), mul(b, s)), add(mul(c, t), add(1, d))));
}

function instance(draws: Draws, isBroken: boolean): number {
  const loss = draws.pick(isBroken ? averaged : stationary);
  const law = randomGaussian(draws, 1);
  const [noise, z] = grid.points.split(2, 1);
  const data = add(law.mean[0], mul(Math.sqrt(law.variances[0]), z));
  const s = draws.uniform(0, 0.7);
  const t = draws.uniform(s + 0.2, 0.99);
  const bend = wave(draws);
  const rule = isBroken ? fixed : loss.needs.includes("r") ? middle : { nodes: [0.5], weights: [1] };
  const expected = (theta: Tensor): Tensor => {
    const u: AverageVelocity = (x, a, b) => add(law.averageVelocity(x, a, b), mul(theta, bend(x, a, b)));
    const at = (node: number): Tensor => {
      const r = s + node * (t - s);
      const xs = interpolate(noise, data, s);
      return dot(grid.weights, loss.loss({ u, noise, data, xs, v: sub(data, noise), s, t, r, teacher: law.velocity }));
    };
    return rule.nodes.map((node, i) => mul(rule.weights[i], at(node))).reduce((sum, each) => add(sum, each));
  };
  const slopes = (grad(expected)(zeros([])) as Tensor).dataSync();
  return Array.from(slopes, Math.abs).reduce(worse);
}

/** Losses whose minimum is a variance are stationary at the exact map. */
export const stationaryLosses = defineLaw({
  name: "stationaryLosses",
  title: "Losses whose minimum is a variance",
  statement:
    "At the exact map of a Gaussian the expected gradient of flow map matching, of denoising and of the secant losses vanishes, though their values do not; expectations over noise, data and the middle time by quadrature.",
  formula: String.raw`\mathbb E_{X_0, X_1, r} \partial_\theta\mathcal L(\Phi^\star) = 0,\qquad \mathbb E \mathcal L_{\mathrm{SDEI}} = \mathbb E_r\lVert v_r(x_r) - U\rVert^2`,
  bound: 1e-8,
  broken: "the middle time of a secant loss is constant",
  controlBound: 1e-5,
  weight: 0.3,
  ...oneByOne(instance),
});
