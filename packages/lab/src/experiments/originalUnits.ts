import { fromData, type Tensor } from "@pushforward/tensor";
import { type PointSet, type Problem, pointsOf } from "@pushforward/training";

/** Points of a problem in the units of its data, [n, dim] to [n, columns]. */
export const originalUnits = (problem: Problem, x: Tensor): PointSet => pointsOf(problem.toOriginal(x.cast("float64")));

/** Points of the data, in their own units. */
export function dataPoints(problem: Problem, ...sets: readonly PointSet[]): PointSet {
  const values = Float64Array.from(sets.flatMap((set) => Array.from(set.values)));
  return originalUnits(problem, fromData(values, [values.length / problem.dim, problem.dim]));
}
