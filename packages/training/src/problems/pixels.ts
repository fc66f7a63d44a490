import type { Tensor } from "@pushforward/tensor";
import type { ImageShape } from "./problem.ts";

/** Names of the channels of a colour pixel, in their order. */
const colors = ["red", "green", "blue"] as const;

/** Names of the columns of pictures, pixel by pixel, row by row: columns of these names are known as pictures. */
export const pixelColumns = ({ width, height, channels }: Omit<ImageShape, "range">): string[] =>
  Array.from({ length: height * width }, (_, i) => {
    const name = `pixel_${Math.floor(i / width)}_${i % width}`;
    return channels === 1 ? [name] : colors.map((color) => `${name}_${color}`);
  }).flat();

/** Row, column and channel of a column by its name; undefined for other names. */
function placeOf(name: string): { row: number; column: number; color: number } | undefined {
  const [, row, column, color] = /^pixel_(\d+)_(\d+)(?:_(red|green|blue))?$/.exec(name) ?? [];
  if (row === undefined) return undefined;
  return { row: Number(row), column: Number(column), color: colors.indexOf(color as (typeof colors)[number]) };
}

/**
 * The pictures that columns of these names are: `pixel_<row>_<column>`, or with `_red`, `_green` and `_blue` for each pixel.
 *
 * @param values   [rows, columns]
 * @param isBright whether large numbers are bright; colours always are
 * @returns undefined where columns are no pixels, do not fill a grid in their order, or hold one number alone
 */
export function pixelsOf(columns: readonly string[], values: Tensor, isBright = false): ImageShape | undefined {
  const last = placeOf(columns.at(-1) ?? "");
  if (!last) return undefined;
  const [height, width, channels] = [last.row + 1, last.column + 1, last.color < 0 ? 1 : 3] as const;
  const isGrid = columns.every((name, i) => {
    const place = placeOf(name);
    const pixel = Math.floor(i / channels);
    const color = channels === 1 ? -1 : i % channels;
    return place && place.row * width + place.column === pixel && place.column < width && place.color === color;
  });
  if (!isGrid || height * width * channels !== columns.length) return undefined;
  const [low, high] = [values.min().item(), values.max().item()];
  if (!(low < high)) return undefined;
  return { width, height, channels, range: isBright || channels === 3 ? [high, low] : [low, high] };
}
