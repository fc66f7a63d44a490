import { fromData, ShapeError, type Tensor } from "@pushforward/tensor";

/** Points as plain numbers: row i, [dim], is values[i·dim … (i+1)·dim). */
export interface PointSet {
  readonly values: ArrayLike<number>;
  readonly dim: number;
}

/**
 * Number of points of a set.
 *
 * @throws ShapeError if the numbers do not fill whole rows
 */
export function countPoints(points: PointSet, where = "countPoints"): number {
  const { values, dim } = points;
  if (!Number.isInteger(dim) || dim < 1) throw new ShapeError(`${where}: dim must be a positive integer, got ${dim}`);
  if (values.length % dim !== 0) {
    throw new ShapeError(`${where}: ${values.length} numbers do not fill whole rows of ${dim}; check dim`);
  }
  return values.length / dim;
}

/**
 * Checks that two sets hold points of the same space, at least one each, and counts them.
 *
 * @returns [rows of x, rows of y]
 * @throws  ShapeError if the widths differ or a set is empty
 */
export function countPairs(x: PointSet, y: PointSet, where: string): [number, number] {
  if (x.dim !== y.dim) throw new ShapeError(`${where}: both sets must have the same dim, got ${x.dim} and ${y.dim}`);
  const counts: [number, number] = [countPoints(x, where), countPoints(y, where)];
  if (counts.includes(0)) throw new ShapeError(`${where}: a set needs at least one point, got ${counts.join(" and ")}`);
  return counts;
}

/** Places of at most `cap` rows of `count`, spread evenly; no random choice, so that equal sets give equal rows. */
export const thinRows = (count: number, cap: number): readonly number[] =>
  Array.from({ length: Math.min(count, cap) }, (_, i) => (count <= cap ? i : Math.floor((i * count) / cap)));

/** At most `cap` rows of a set, those of {@link thinRows}. */
export function thinPoints(points: PointSet, cap: number): PointSet {
  const count = countPoints(points, "thinPoints");
  if (count <= cap) return points;
  return pickPoints(points, thinRows(count, cap));
}

/** Some rows of a set. */
export function pickPoints(
  { values, dim }: PointSet,
  rows: ArrayLike<number>,
): PointSet & { readonly values: Float64Array } {
  const picked = new Float64Array(rows.length * dim);
  for (let i = 0; i < rows.length; i++) {
    for (let k = 0; k < dim; k++) picked[i * dim + k] = values[rows[i] * dim + k];
  }
  return { values: picked, dim };
}

/** Rows start … stop of a set as a tensor, [stop − start, dim]; without places all rows. */
export function rowsOf(points: PointSet, start = 0, stop = countPoints(points, "rowsOf")): Tensor {
  const { values, dim } = points;
  const numbers = new Float64Array((stop - start) * dim);
  for (let i = 0; i < numbers.length; i++) numbers[i] = values[start * dim + i];
  return fromData(numbers, [stop - start, dim]);
}

/** Calls a function with the rows of a set in blocks of at most `size` rows, so that the memory of its results is bounded. */
export function forEachBlock(points: PointSet, size: number, call: (rows: Tensor, start: number) => void): void {
  const count = countPoints(points, "forEachBlock");
  for (let start = 0; start < count; start += size) call(rowsOf(points, start, Math.min(count, start + size)), start);
}
