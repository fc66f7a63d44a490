/** A score over several seeds. */
export interface Spread {
  readonly mean: number;
  /** Standard deviation between the seeds, divisor n − 1; 0 for a single seed. */
  readonly deviation: number;
  /** The score of each seed. A score that is not finite counts neither in the mean nor in the deviation. */
  readonly values: readonly number[];
}

/** Mean and standard deviation of a score over seeds; undefined if no seed has the score. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, x) => sum + x, 0) / finite.length;
  const squares = finite.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, deviation: finite.length > 1 ? Math.sqrt(squares / (finite.length - 1)) : 0, values };
}
