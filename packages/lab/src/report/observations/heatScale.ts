import * as Plot from "@observablehq/plot";
import { type HeatScale, heatLevels, levelOf } from "@pushforward/training";
import { pngAddress } from "../png.ts";

/** Red, green and blue, 0 to 255. */
type Rgb = readonly [red: number, green: number, blue: number];

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
  levelPicture(
    values.map((value) => levelOf(scale, value)),
    width,
  );

/** All colours from left to right, as an address. */
export const barPicture = (): string =>
  levelPicture(
    Array.from({ length: heatLevels }, (_, i) => i + 1),
    heatLevels,
  );

/** A picture of levels, row by row; level 0 is transparent. */
const levelPicture = (levels: readonly number[], width: number): string =>
  pngAddress({
    ...{ width, height: levels.length / width, channels: 4 },
    samples: Uint8Array.from(levels.flatMap((level) => (level === 0 ? [0, 0, 0, 0] : [...heatColors[level - 1], 255]))),
  });
