/** Colours of positive numbers on a logarithmic scale. */
export interface HeatScale {
  /** Numbers beyond the ends have the colours of the ends. */
  readonly domain: readonly [number, number];
}

/** Colours of a scale. */
export const heatLevels = 32;

/** Largest ratio of the ends of a scale. */
const mostRatio = 1e4;

/** A scale for numbers, without the outermost 1 % at each end; undefined if no number is positive. */
export function heatScaleOf(values: readonly number[]): HeatScale | undefined {
  const sorted = Float64Array.from(values.filter((value) => value > 0 && value < Infinity)).sort();
  if (sorted.length === 0) return undefined;
  const [low, high] = [0.01, 0.99].map((quantile) => sorted[Math.round(quantile * (sorted.length - 1))]);
  const start = Math.max(low, high / mostRatio);
  return { domain: start < high ? [start, high] : [start / 1.5, high * 1.5] };
}

/** The colour of a number: 1 to {@link heatLevels}; 0, no colour, for NaN. Zero has the lightest colour. */
export function levelOf({ domain: [low, high] }: HeatScale, value: number): number {
  if (Number.isNaN(value)) return 0;
  const part = value <= 0 ? 0 : Math.log(value / low) / Math.log(high / low);
  return 1 + Math.round(Math.max(0, Math.min(1, part)) * (heatLevels - 1));
}
