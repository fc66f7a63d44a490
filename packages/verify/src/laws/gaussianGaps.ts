import { pathKl, scoreGap, velocityGap } from "@pushforward/flows";
import { add, dot, mul, squaredNorm, sub, type Tensor, tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { gapOf, worse } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";
import { normalGrid } from "../quadrature.ts";
import { randomGaussian } from "../randomFlow.ts";

const grids = [normalGrid(1), normalGrid(2)];

function instance(draws: Draws, isBroken: boolean): number {
  const dim = draws.integer(1, 2);
  const [p, q] = [randomGaussian(draws, dim), randomGaussian(draws, dim)];
  const t = tensor(draws.uniform(0.05, 0.95));
  const { points, weights } = grids[dim - 1];
  const law = (isBroken ? q : p).marginal(t.item());
  // x = m + z·Lᵀ with LLᵀ the covariance
  const x = add(tensor(law.mean), points.matmul(tensor(cholesky(law.cov)).transpose()));
  const expected = (values: Tensor): number => dot(weights, values).item();
  const gaps = [
    gapOf(expected(sub(p.logProb(x, t), q.logProb(x, t))), pathKl(p, q, t).item()),
    gapOf(expected(squaredNorm(sub(p.velocity(x, t), q.velocity(x, t)))), velocityGap(p, q, t).item()),
    gapOf(expected(squaredNorm(sub(p.score(x, t), q.score(x, t)))), scoreGap(p, q, t).item()),
    gapOf(expected(mul(0, weights).add(1)), 1),
  ];
  return gaps.reduce(worse);
}

/** Lower triangular root of a covariance of one or two dimensions. */
function cholesky(cov: readonly (readonly number[])[]): number[][] {
  const a = Math.sqrt(cov[0][0]);
  if (cov.length === 1) return [[a]];
  const b = cov[1][0] / a;
  return [
    [a, 0],
    [b, Math.sqrt(cov[1][1] - b * b)],
  ];
}

/** The closed forms of divergence and mismatch equal their defining expectations. */
export const gaussianGaps = defineLaw({
  name: "gaussianGaps",
  title: "Closed forms are expectations",
  statement:
    "KL, velocity and score mismatch of two Gaussians equal their expectations by quadrature under the student's law.",
  formula: String.raw`\mathrm{KL}_t = \mathbb E_{\rho^\theta_t}\log\tfrac{\rho^\theta_t}{\rho_t},\qquad V_t = \mathbb E_{\rho^\theta_t}\lVert v^\theta - v\rVert^2,\qquad F_t = \mathbb E_{\rho^\theta_t}\lVert s^\theta - s\rVert^2`,
  bound: 1e-9,
  broken: "the expectations are taken under the data's law",
  weight: 0.7,
  ...oneByOne(instance),
});
