import { driftField } from "@pushforward/losses";
import { add, concat, expandDims, mul, neg, sqrt, squaredNorm, sub, type Tensor, zerosLike } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";

/** The field of drifting at x with the kernel e^{−r/R}, normalised over all points. */
function fieldAt(x: Tensor, attracting: Tensor, repelling: Tensor, reach: number): Tensor {
  const others = concat([repelling, attracting], 1);
  const distances = sqrt(squaredNorm(sub(expandDims(x, 2), expandDims(others, 1))));
  return driftField({ x, attracting, repelling }, mul(-1 / reach, distances), { normalize: "both" });
}

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const [dim, reach] = [draws.integer(1, 3), draws.uniform(0.1, 2)];
  const [x, first, second] = [4, 3, 3].map((count) => draws.normal([n, count, dim]));
  const moved = isBroken ? add(first, 0.5) : first;
  const zero = zerosLike(x);
  return worstOf(
    rowGaps(fieldAt(x, moved, first, reach), zero),
    rowGaps(fieldAt(x, moved, second, reach), neg(fieldAt(x, second, first, reach))),
  );
}

/** The field of drifting vanishes where samples and data are one set, and changes its sign when they are exchanged. */
export const driftOfEqualSets = defineLaw({
  name: "driftOfEqualSets",
  title: "Drifting: equal sets have no field",
  statement:
    "The field of drifting is zero where the attracting points are the repelling ones, and changes its sign when both sets are exchanged.",
  formula: String.raw`V_{A, A} = 0,\qquad V_{A, B} = -V_{B, A}`,
  bound: 1e-13,
  broken: "the attracting points are shifted by ½",
  source: "Deng et al. 2026, tutorial of the official page",
  ...rowByRow(instances, 8),
});
