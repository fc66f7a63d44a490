import { DomainError, ShapeError } from "@pushforward/tensor";
import { countPairs, type PointSet } from "./pointSet.ts";

/** Settings of {@link histogramKl}. */
export interface HistogramKlOptions {
  /** Cells along each axis. Default 32. */
  readonly bins?: number;
  /** The box that is divided, [[min, max], [min, max]]. Default: the smallest box around the reference points. */
  readonly range?: readonly [Interval, Interval];
  /** Count added to every cell of both histograms; with 0 an empty cell may make the result infinite. Default ½. */
  readonly pseudoCount?: number;
}

/** A closed interval, [min, max]. */
export type Interval = readonly [number, number];

/**
 * Kullback–Leibler divergence between two 2-D point sets by histograms on one grid, in nats.
 *
 *   KL = Σ_k p_k·log(p_k / q_k),     p_k = (count_k + α) / (n + α·K)
 *
 * All points outside the box, NaN included, share one more cell, so K = bins² + 1. The measure is coarse: it detects mass in wrong
 * places, not shapes within a cell. Its value depends on bins and α, so compare values at equal settings only.
 *
 * @param reference the p of the formula (data), [n, 2]
 * @param model     the q of the formula (samples), [m, 2]
 * @throws ShapeError unless both sets are 2-D and hold points, DomainError for a bad setting
 * @source α = ½: Krichevsky & Trofimov 1981
 */
export function histogramKl(reference: PointSet, model: PointSet, options: HistogramKlOptions = {}): number {
  const { bins = 32, pseudoCount = 0.5 } = options;
  const [n, m] = countPairs(reference, model, "histogramKl");
  if (reference.dim !== 2) throw new ShapeError(`histogramKl: points must be [n, 2], got dim ${reference.dim}`);
  if (!Number.isInteger(bins) || bins < 1) {
    throw new DomainError(`histogramKl: bins must be a positive integer, got ${bins}`);
  }
  if (!(pseudoCount >= 0)) throw new DomainError(`histogramKl: pseudoCount must be at least 0, got ${pseudoCount}`);
  const range = options.range ?? ([boundsOf(reference, 0), boundsOf(reference, 1)] as const);
  const [ps, qs] = [histogram(reference, range, bins), histogram(model, range, bins)];
  const cells = ps.length;
  let kl = 0;
  for (let k = 0; k < cells; k++) {
    const p = (ps[k] + pseudoCount) / (n + pseudoCount * cells);
    const q = (qs[k] + pseudoCount) / (m + pseudoCount * cells);
    if (p > 0) kl += p * Math.log(p / q);
  }
  return kl;
}

/** Counts per cell, row by row, and last the count outside; the upper edge belongs to the last cell. */
function histogram(points: PointSet, range: readonly [Interval, Interval], bins: number): Float64Array {
  const counts = new Float64Array(bins * bins + 1);
  for (let i = 0; i < points.values.length; i += 2) {
    const column = cellOf(points.values[i], range[0], bins);
    const row = cellOf(points.values[i + 1], range[1], bins);
    counts[column === undefined || row === undefined ? bins * bins : row * bins + column]++;
  }
  return counts;
}

function cellOf(value: number, [min, max]: Interval, bins: number): number | undefined {
  if (!(value >= min && value <= max)) return undefined;
  return max > min ? Math.min(bins - 1, Math.floor(((value - min) / (max - min)) * bins)) : 0;
}

function boundsOf(points: PointSet, axis: 0 | 1): Interval {
  let [min, max] = [Infinity, -Infinity];
  for (let i = axis; i < points.values.length; i += 2) {
    min = Math.min(min, points.values[i]);
    max = Math.max(max, points.values[i]);
  }
  return [min, max];
}
