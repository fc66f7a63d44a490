import { ShapeError } from "@pushforward/tensor";
import { isBetterScore, type Metric } from "./metric.ts";
import { spreadOf } from "./spread.ts";
import { tQuantile } from "./tQuantile.ts";

/** How a score differs from that of another training with the same seed, over several seeds. */
export interface PairedDifference {
  /** Mean of the differences: the score minus that of the base. */
  readonly mean: number;
  /** Standard deviation of the differences, divisor n − 1. */
  readonly deviation: number;
  /**
   * mean ± t · deviation/√n, with the quantile t of the paired t test: if differences are normal, the interval holds the true mean in
   * 95 % of such comparisons. Undefined for a single pair.
   */
  readonly interval?: readonly [low: number, high: number];
  /** Number of seeds in which the score is better. */
  readonly better: number;
  /** Number n of seeds in which both scores are finite. */
  readonly count: number;
}

/** Probability of the interval. */
const confidence = 0.95;

/**
 * Differences of scores from those of a base, paired by seed. Pairs with a score that is not finite are left out.
 *
 * @param base  scores of the base, one for each seed
 * @param other scores of the other training with the same seeds, in the same order
 * @param aim   the direction in which scores become better; default smaller
 * @returns     undefined if no pair is left
 * @throws ShapeError for lists of different lengths
 */
export function pairedDifference(
  base: readonly number[],
  other: readonly number[],
  aim: Metric["better"] = "smaller",
): PairedDifference | undefined {
  if (base.length !== other.length) {
    throw new ShapeError(
      `pairedDifference: scores must be of the same seeds, got ${base.length} of the base and ${other.length} of the other`,
    );
  }
  const differences = other.map((score, i) => score - base[i]).filter(Number.isFinite);
  const spread = spreadOf(differences);
  if (!spread) return undefined;
  const { mean, deviation } = spread;
  const count = differences.length;
  const better = differences.filter((difference) => isBetterScore({ better: aim }, difference, 0)).length;
  if (count === 1) return { mean, deviation, better, count };
  const half = (tQuantile(confidence, count - 1) * deviation) / Math.sqrt(count);
  return { mean, deviation, interval: [mean - half, mean + half], better, count };
}
