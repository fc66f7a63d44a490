import { DomainError, key, normal } from "@pushforward/tensor";
import type { PointSet } from "./pointSet.ts";

/**
 * Unit vectors for {@link slicedWasserstein}: on the line the only direction, in the plane evenly spread directions, in higher
 * dimensions seeded random directions.
 *
 * @param dim   width of the points
 * @param count number of directions; on the line always 1. Default 64
 * @param seed  seed of the random directions. Default 0
 * @returns     unit vectors, [count, dim]
 */
export function directionsFor(dim: number, count = 64, seed = 0): PointSet {
  if (dim === 1) return { values: Float64Array.of(1), dim };
  return dim === 2 ? spreadDirections(count) : gaussianDirections(dim, count, seed);
}

/**
 * Directions of the plane at the angles π·(i + ½)/count: a half circle, since θ and −θ give the same projections up to sign.
 *
 * @returns unit vectors, [count, 2]
 */
export function spreadDirections(count: number): PointSet {
  checkCount("spreadDirections", count);
  const angles = Array.from({ length: count }, (_, i) => (Math.PI * (i + 0.5)) / count);
  return { values: Float64Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)])), dim: 2 };
}

/**
 * Directions spread uniformly over the sphere: normalised Gaussian vectors of one key.
 *
 * @returns unit vectors, [count, dim]
 */
export function gaussianDirections(dim: number, count: number, seed: number): PointSet {
  checkCount("gaussianDirections", count);
  const values = Float64Array.from(normal(key(seed), [count, dim]).dataSync());
  for (let i = 0; i < count; i++) {
    const row = values.subarray(i * dim, (i + 1) * dim);
    const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    for (let k = 0; k < dim; k++) row[k] /= length;
  }
  return { values, dim };
}

function checkCount(where: string, count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new DomainError(`${where}: count must be a positive integer, got ${count}`);
  }
}
