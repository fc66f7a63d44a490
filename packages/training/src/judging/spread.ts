/** A figure over several seeds. */
export interface Spread {
  readonly mean: number;
  /** Standard deviation between the seeds, divisor n − 1; 0 for one alone. */
  readonly deviation: number;
  /** The figure of each seed; one that is not finite counts in neither of the above. */
  readonly values: readonly number[];
}

/** Mean and standard deviation of a figure over seeds; undefined where none has it. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, x) => sum + x, 0) / finite.length;
  const squares = finite.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, deviation: finite.length > 1 ? Math.sqrt(squares / (finite.length - 1)) : 0, values };
}
