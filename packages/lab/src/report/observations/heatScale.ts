import * as Plot from "@observablehq/plot";
import { type HeatScale, heatLevels, levelOf } from "@pushforward/training";
import { encodeIndexedPng, pngAddress, type Rgb } from "../png.ts";

/** One hue, from light to dark in nearly equal steps of lightness, so that it is readable in black and white. */
export const heatColors: readonly Rgb[] = (() => {
  const scale = Plot.scale({ color: { type: "linear", scheme: "blues", domain: [0, 1], range: [0.1, 1] } })!;
  return Array.from({ length: heatLevels }, (_, i) => {
    const [red, green, blue] = (String(scale.apply(i / (heatLevels - 1))).match(/\d+/g) ?? []).map(Number);
    return [red, green, blue] as const;
  });
})();

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
      Uint8Array.from({ length: heatLevels }, (_, i) => i + 1),
      heatLevels,
      1,
      heatColors,
    ),
  );
