import { DomainError, ShapeError } from "@pushforward/tensor";
import { countPairs, countPoints, type PointSet } from "./pointSet.ts";

/**
 * Sliced 2-Wasserstein distance between two empirical laws, in data units.
 *
 *   SW₂ = √ meanθ W₂²(θ·x, θ·y),     W₂²(a, b) = ∫₀¹ (F_a⁻¹(q) − F_b⁻¹(q))² dq
 *
 * The integral is exact for sets of any sizes, since both quantile functions are step functions. NaN among the points gives NaN.
 *
 * @param x          points, [n, dim]
 * @param y          points, [m, dim]
 * @param directions unit vectors θ, [slices, dim]; see directions.ts
 * @throws ShapeError if widths differ or a set is empty, DomainError if a direction is not of length 1
 * @source Bonneel et al. 2015, "Sliced and Radon Wasserstein barycenters of measures"
 */
export function slicedWasserstein(x: PointSet, y: PointSet, directions: PointSet): number {
  countPairs(x, y, "slicedWasserstein");
  const slices = countDirections(directions, x.dim);
  let sum = 0;
  for (let i = 0; i < slices; i++) sum += wasserstein1d(project(x, directions, i), project(y, directions, i));
  return Math.sqrt(sum / slices);
}

/**
 * Squared 2-Wasserstein distance on the line between two sorted samples, over the common refinement of the steps
 * i/n and j/m. Breakpoints are compared as the integers i·m and j·n, so that rounding cannot skip a breakpoint.
 */
export function wasserstein1d(a: Float64Array, b: Float64Array): number {
  const [n, m] = [a.length, b.length];
  let sum = 0;
  let at = 0;
  for (let i = 0, j = 0; i < n && j < m; ) {
    const [endOfA, endOfB] = [(i + 1) * m, (j + 1) * n];
    const next = Math.min(endOfA, endOfB);
    sum += (next - at) * (a[i] - b[j]) ** 2;
    at = next;
    if (endOfA === next) i++;
    if (endOfB === next) j++;
  }
  return sum / (n * m);
}

/** The sorted coordinates of all points along one direction. */
function project(points: PointSet, directions: PointSet, slice: number): Float64Array {
  const { values, dim } = points;
  const along = new Float64Array(values.length / dim);
  for (let i = 0; i < along.length; i++) {
    for (let k = 0; k < dim; k++) along[i] += values[i * dim + k] * directions.values[slice * dim + k];
  }
  return along.sort();
}

function countDirections(directions: PointSet, dim: number): number {
  const slices = countPoints(directions, "slicedWasserstein directions");
  if (directions.dim !== dim || slices === 0) {
    throw new ShapeError(`slicedWasserstein: directions must be [≥ 1, ${dim}], got [${slices}, ${directions.dim}]`);
  }
  for (let i = 0; i < slices; i++) {
    const length = Math.hypot(...Array.from({ length: dim }, (_, k) => directions.values[i * dim + k]));
    if (!(Math.abs(length - 1) < 1e-9)) {
      throw new DomainError(`slicedWasserstein: direction ${i} must have length 1, got ${length}; divide by it`);
    }
  }
  return slices;
}
