import {
  add,
  compile,
  DomainError,
  matmul,
  maximum,
  mul,
  ShapeError,
  square,
  sub,
  sum,
  type Tensor,
} from "@pushforward/tensor";
import { countPairs, countPoints, forEachBlock, type PointSet, rowsOf, thinPoints } from "./pointSet.ts";

/** The neighbour whose distance is the radius of a ball, where no other is asked for. */
export const usualNeighbour = 3;

/** Settings of {@link coverage}. */
export interface CoverageOptions {
  /** Number k of the neighbour whose distance is the radius of a ball. Default 3. */
  readonly neighbour?: number;
  /** Most rows that are used of each set, spread evenly; the work is O(cap²·dim). Default 2048. */
  readonly cap?: number;
}

/** Rows whose distances are computed together: their matrix stays small. */
const blockRows = 256;

/**
 * Fraction of the points that lie near a set: in the ball of at least one point of the set, whose radius is the distance of this point to its
 * k-th nearest neighbour in the set.
 *
 *   meanᵢ [ minⱼ (‖xᵢ − yⱼ‖ − r_k(yⱼ)) ≤ 0 ]
 *
 * With samples as points and data as the set it is the precision of the samples, with both exchanged their recall. NaN among the numbers gives
 * NaN.
 *
 * @param points [n, dim]
 * @param set    [m, dim], m > k
 * @throws ShapeError if the widths differ, a set is empty, or the set has no k-th neighbours; DomainError for a bad setting
 * @source Kynkäänniemi et al. 2019, "Improved precision and recall metric for assessing generative models"
 */
export function coverage(points: PointSet, set: PointSet, options: CoverageOptions = {}): number {
  const { neighbour = usualNeighbour, cap = 2048 } = options;
  countPairs(points, set, "coverage");
  for (const [name, value] of Object.entries({ neighbour, cap })) {
    if (!Number.isInteger(value) || value < 1)
      throw new DomainError(`coverage: ${name} must be a positive integer, got ${value}`);
  }
  const [x, y] = [thinPoints(points, cap), thinPoints(set, cap)];
  const count = countPoints(y);
  if (count <= neighbour)
    throw new ShapeError(
      `coverage: the set must have more than ${neighbour} points, got ${count}; give more, or a smaller neighbour`,
    );
  if (![x, y].every(({ values }) => Array.from(values).every(Number.isFinite))) return Number.NaN;
  const radii = new Float64Array(count);
  // the nearest one of all is the point itself
  forEachRow(y, y, (row, i) => {
    radii[i] = Float64Array.from(row).sort()[neighbour];
  });
  let inside = 0;
  forEachRow(x, y, (row) => {
    if (row.some((distance, j) => distance <= radii[j])) inside++;
  });
  return inside / countPoints(x);
}

/** ‖x − y‖² = ‖x‖² + ‖y‖² − 2·x·y, which rounding may take below 0. */
const squaresOf = compile((x: Tensor, y: Tensor): Tensor => {
  const squares = add(sum(square(x), 1, { keepDims: true }), sum(square(y), 1));
  return maximum(0, sub(squares, mul(2, matmul(x, y.transpose()))));
});

/** Calls a function with the squared distances of each point of x to all points of y. */
function forEachRow(x: PointSet, y: PointSet, call: (squares: Float64Array, row: number) => void): void {
  const others = rowsOf(y);
  const m = others.shape[0];
  forEachBlock(x, blockRows, (rows, start) => {
    const squares = squaresOf(rows, others).dataSync() as Float64Array;
    for (let i = 0; i < rows.shape[0]; i++) call(squares.subarray(i * m, (i + 1) * m), start + i);
  });
}
