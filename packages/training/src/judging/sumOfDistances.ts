import { add, compile, matmul, maximum, mul, sqrt, square, sub, sum, type Tensor } from "@pushforward/tensor";
import { countPoints, forEachBlock, type PointSet, rowsOf } from "./pointSet.ts";

/** Coordinates from which on distances come from a product of matrices: 784 coordinates take a thirtieth of the time of a loop. */
const leastDim = 32;
/** Rows whose distances are computed together: their matrix stays small. */
const blockRows = 256;
/** Magnitudes whose squares neither overflow nor underflow. */
const [tiniest, largest] = [1e-100, 1e100];

/** Σ ‖xᵢ − yⱼ‖ over all pairs of a point of x and a point of y. */
export function sumOfDistances(x: PointSet, y: PointSet): number {
  return isWide(x) && isWide(y) ? byProducts(x, y) : byPairs(x, y);
}

/** Σ ‖xᵢ − xⱼ‖ over all pairs of points of x. */
export function sumWithin(x: PointSet): number {
  if (isWide(x)) return byProducts(x, x);
  const n = countPoints(x);
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) total += distance(x, i, x, j);
  }
  return 2 * total;
}

const isWide = (x: PointSet): boolean => x.dim >= leastDim && isTame(x);

/** Whether all squares are finite and none of another number than 0 vanishes. Numbers that are not finite make every sum NaN. */
function isTame({ values }: PointSet): boolean {
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (Number.isFinite(size) && size !== 0 && !(size >= tiniest && size <= largest)) return false;
  }
  return true;
}

function byPairs(x: PointSet, y: PointSet): number {
  const [n, m] = [countPoints(x), countPoints(y)];
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) total += distance(x, i, y, j);
  }
  return total;
}

/** The distance of point i of x to point j of y. */
function distance(x: PointSet, i: number, y: PointSet, j: number): number {
  const { dim } = x;
  const along = (k: number): number => x.values[i * dim + k] - y.values[j * dim + k];
  let total = 0;
  for (let k = 0; k < dim; k++) total += along(k) ** 2;
  // Math.hypot avoids overflow and underflow of the squares; it is slow, so it is used only if they occur.
  return total > 1e-280 && total < Infinity
    ? Math.sqrt(total)
    : Math.hypot(...Array.from({ length: dim }, (_, k) => along(k)));
}

/** ‖x − y‖² = ‖x‖² + ‖y‖² − 2·x·y, which rounding may take below 0. A point has the distance 1e-8·‖x‖ to itself: with n points the mean is off by 1e-8·‖x‖/n. */
const sumOfBlock = compile((x: Tensor, y: Tensor): Tensor => {
  const squares = sub(add(sum(square(x), 1, { keepDims: true }), sum(square(y), 1)), mul(2, matmul(x, y.transpose())));
  return sum(sqrt(maximum(0, squares)));
});

function byProducts(x: PointSet, y: PointSet): number {
  const others = rowsOf(y);
  let total = 0;
  forEachBlock(x, blockRows, (rows) => {
    total += sumOfBlock(rows, others).item();
  });
  return total;
}
