import { ShapeError } from "@pushforward/tensor";
import { countPairs, type PointSet } from "./pointSet.ts";

/**
 * Fraction of the samples that are classified as the class that they were made for; NaN if a sample has no class.
 *
 * @param classified places of the classes that a classifier gives the samples, [n, 1]
 * @param asked      places of the classes that the samples were made for, row for row, [n, 1]
 * @throws ShapeError if the shapes differ, or there are no rows
 */
export function accuracy(classified: PointSet, asked: PointSet): number {
  const [n, m] = countPairs(classified, asked, "accuracy");
  if (n !== m || asked.dim !== 1)
    throw new ShapeError(
      `accuracy: both must be [n, 1] with equal n, got [${n}, ${classified.dim}] and [${m}, ${asked.dim}]`,
    );
  let right = 0;
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(classified.values[i])) return Number.NaN;
    if (classified.values[i] === asked.values[i]) right++;
  }
  return right / n;
}
