import { DomainError } from "@pushforward/tensor";
import { countPairs, countPoints, type PointSet, thinPoints } from "./pointSet.ts";
import { sumOfDistances, sumWithin } from "./sumOfDistances.ts";

/** Settings of {@link energyDistance}. */
export interface EnergyDistanceOptions {
  /** Most rows that are used of each set, spread evenly; the work is O(cap²·dim). Default 2048. */
  readonly cap?: number;
  /** Whether the inner means exclude the distance of a point to itself. Default false. */
  readonly unbiased?: boolean;
}

/**
 * Energy distance between two empirical laws, in data units: the squared form, no root is taken.
 *
 *   D = 2·E|X − Y| − E|X − X′| − E|Y − Y′|
 *
 * By default the V-statistic: X′ may be X itself. Then D ≥ 0 with equality only for equal empirical laws, and the bias is
 * E|X − X′|/n + E|Y − Y′|/m. With `unbiased` the U-statistic: its bias is 0, and it is negative about half the time when the laws
 * agree. NaN among the points gives NaN.
 *
 * @param x points, [n, dim]
 * @param y points, [m, dim]
 * @throws ShapeError if dims differ or a set is empty, DomainError if `unbiased` is set and a set has fewer than two points
 * @source Székely & Rizzo 2013, "Energy statistics: a class of statistics based on distances"
 */
export function energyDistance(x: PointSet, y: PointSet, options: EnergyDistanceOptions = {}): number {
  const { cap = 2048, unbiased = false } = options;
  countPairs(x, y, "energyDistance");
  if (!Number.isInteger(cap) || cap < 1) {
    throw new DomainError(`energyDistance: cap must be a positive integer, got ${cap}`);
  }
  const [a, b] = [thinPoints(x, cap), thinPoints(y, cap)];
  return 2 * meanBetween(a, b) - meanWithin(a, unbiased) - meanWithin(b, unbiased);
}

/** E|X − Y| over all pairs. */
const meanBetween = (x: PointSet, y: PointSet): number => sumOfDistances(x, y) / (countPoints(x) * countPoints(y));

/** E|X − X′|; the unbiased form divides by n − 1 instead of n, because no point is its own partner. */
function meanWithin(x: PointSet, unbiased: boolean): number {
  const n = countPoints(x);
  if (unbiased && n < 2) {
    throw new DomainError(`energyDistance: the unbiased form needs two points in each set, got ${n}`);
  }
  return sumWithin(x) / (n * (unbiased ? n - 1 : n));
}
