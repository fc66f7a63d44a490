import * as Plot from "@observablehq/plot";
import { encodeIndexedPng, pngAddress, type Rgb } from "../png.ts";

/** Colours of positive numbers on a logarithmic scale. */
export interface HeatScale {
  /** Numbers beyond the ends have the colours of the ends. */
  readonly domain: readonly [number, number];
}

/** Colours of a scale. */
export const levels = 32;

/** Largest ratio of the ends of a scale. */
const mostRatio = 1e4;

/** One hue, from light to dark in nearly equal steps of lightness, so that it is readable in black and white. */
export const heatColors: readonly Rgb[] = (() => {
  const scale = Plot.scale({ color: { type: "linear", scheme: "blues", domain: [0, 1], range: [0.1, 1] } })!;
  return Array.from({ length: levels }, (_, i) => {
    const [red, green, blue] = (String(scale.apply(i / (levels - 1))).match(/\d+/g) ?? []).map(Number);
    return [red, green, blue] as const;
  });
})();

/** A scale for numbers, without the outermost 1 % at each end; undefined if no number is positive. */
export function heatScaleOf(values: readonly number[]): HeatScale | undefined {
  const sorted = Float64Array.from(values.filter((value) => value > 0 && value < Infinity)).sort();
  if (sorted.length === 0) return undefined;
  const [low, high] = [0.01, 0.99].map((quantile) => sorted[Math.round(quantile * (sorted.length - 1))]);
  const start = Math.max(low, high / mostRatio);
  return { domain: start < high ? [start, high] : [start / 1.5, high * 1.5] };
}

/** The colour of a number: 1 to {@link levels}; 0, no colour, for NaN. Zero has the lightest colour. */
export function levelOf({ domain: [low, high] }: HeatScale, value: number): number {
  if (Number.isNaN(value)) return 0;
  const part = value <= 0 ? 0 : Math.log(value / low) / Math.log(high / low);
  return 1 + Math.round(Math.max(0, Math.min(1, part)) * (levels - 1));
}

/** A picture of numbers, row by row from the top, as an address. */
export const heatPicture = (scale: HeatScale, values: readonly number[], width: number): string =>
  pngAddress(
    encodeIndexedPng(
      Uint8Array.from(values, (value) => levelOf(scale, value)),
      width,
      values.length / width,
      heatColors,
    ),
  );

/** All colours from left to right, as an address. */
export const barPicture = (): string =>
  pngAddress(
    encodeIndexedPng(
      Uint8Array.from({ length: levels }, (_, i) => i + 1),
      levels,
      1,
      heatColors,
    ),
  );
