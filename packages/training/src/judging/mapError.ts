import { ShapeError } from "@pushforward/tensor";
import { countPairs, type PointSet } from "./pointSet.ts";

/**
 * Root mean square distance between two maps applied to the same inputs, in data units.
 *
 *   √ meanᵢ |aᵢ − bᵢ|²     (a sum over the coordinates, a mean over the rows)
 *
 * @param mapped inputs after the learned map, [n, dim]
 * @param exact  the same inputs after the exact map, row for row, [n, dim]
 * @throws ShapeError if the shapes differ or there are no rows
 */
export function mapError(mapped: PointSet, exact: PointSet): number {
  const [n, m] = countPairs(mapped, exact, "mapError");
  if (n !== m) throw new ShapeError(`mapError: rows must correspond, got ${n} and ${m}`);
  let sum = 0;
  for (let i = 0; i < mapped.values.length; i++) sum += (mapped.values[i] - exact.values[i]) ** 2;
  return Math.sqrt(sum / n);
}
