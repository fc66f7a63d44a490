import { grad } from "@pushforward/autodiff";
import { driftField } from "@pushforward/losses";
import {
  add,
  concat,
  div,
  exp,
  expandDims,
  log,
  mul,
  square,
  squaredNorm,
  sub,
  sum,
  type Tensor,
} from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";

/** −‖x − y‖²/(2h²) of all pairs, [n, N, M]. */
const logKernel = (x: Tensor, y: Tensor, h: number): Tensor =>
  mul(-1 / (2 * h * h), squaredNorm(sub(expandDims(x, 2), expandDims(y, 1))));

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const [dim, h] = [draws.integer(1, 3), draws.uniform(0.6, 1.5)];
  const [x, attracting, repelling] = [3, 5, 4].map((count) => draws.normal([n, count, dim]));
  const logits = logKernel(x, concat([repelling, attracting], 1), h);
  const field = driftField({ x, attracting, repelling }, logits, { normalize: isBroken ? "both" : "targets" });
  /** The sum of the kernels of a set, its number of points times a kernel density, [n, N, 1]. */
  const density = (y: Tensor) => (z: Tensor) => sum(exp(logKernel(z, y, h)), -1, { keepDims: true });
  const [p, q] = [attracting, repelling].map(density);
  const logRatio = (z: Tensor): Tensor => sum(sub(log(p(z)), log(q(z))));
  const weight = div(mul(p(x), q(x)), square(add(p(x), q(x))));
  return rowGaps(field, mul(mul(weight, h * h), grad(logRatio)(x) as Tensor));
}

/** With a Gaussian kernel the field of drifting is the gradient of the log ratio of two kernel densities. */
export const driftIsMeanShift = defineLaw({
  name: "driftIsMeanShift",
  title: "Drifting with a Gaussian kernel is a score difference",
  statement:
    "With a Gaussian kernel of width h, normalised over the targets alone, the field of drifting is h²w times the difference of the scores of two kernel densities, w = PQpq/(Pp + Qq)² for P attracting points of density p and Q repelling ones of density q.",
  formula: String.raw`V = w h^2 \left(\nabla \log \hat p - \nabla \log \hat q\right),\qquad w = \frac{P Q \hat p \hat q}{(P \hat p + Q \hat q)^2}`,
  bound: 1e-12,
  broken: "the weights are normalised over the points that move, too",
  ...rowByRow(instances, 8),
});
