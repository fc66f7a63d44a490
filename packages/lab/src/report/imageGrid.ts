import { DomainError, ShapeError } from "@pushforward/tensor";
import { countPoints, type ImageShape, type PointSet } from "@pushforward/training";
import type { Bitmap } from "./png.ts";

/** How pictures lie in a grid. */
export interface GridLayout {
  /** Pictures per row. Default 10 */
  readonly columns?: number;
  /** Pixels of the grid for each pixel of a picture, in both directions. Default 1 */
  readonly scale?: number;
}

/** Brightness of the lines between pictures: visible beside white and beside black. */
const lineBrightness = 208;

/**
 * Pictures row by row, each pixel enlarged to a square, with lines of one pixel between and around them. Places of a last row without a
 * picture are white.
 *
 * @param pixels one picture per row, [n ≥ 1, width·height·channels], in the units of the range
 * @throws ShapeError if a row of pixels does not fill a picture or if there is no row, DomainError for an empty range
 */
export function drawImageGrid(pixels: PointSet, image: ImageShape, layout: GridLayout = {}): Bitmap {
  const { width, height, channels } = image;
  const { columns = 10, scale = 1 } = layout;
  const count = countPoints(pixels, "imageGrid");
  const size = width * height * channels;
  if (pixels.dim !== size || count === 0) {
    throw new ShapeError(`imageGrid: pixels must be [≥ 1, ${size}], got [${count}, ${pixels.dim}]`);
  }
  const grid = emptyGrid(count, image, Math.min(count, columns), scale);
  const brightness = brightnessScale(image.range);
  for (let picture = 0; picture < count; picture++) {
    const samples = Uint8Array.from({ length: size }, (_, i) => brightness(pixels.values[picture * size + i]));
    const [row, column] = [Math.floor(picture / columns), picture % columns];
    const place = { x: 1 + column * (width * scale + 1), y: 1 + row * (height * scale + 1) };
    putPicture(grid, { width, height, channels, samples }, place, scale);
  }
  return grid;
}

/** The lines of a grid, with white places for pictures. */
function emptyGrid(count: number, image: ImageShape, columns: number, scale: number): Bitmap {
  const { channels } = image;
  const [stepX, stepY] = [image.width * scale + 1, image.height * scale + 1];
  const [width, height] = [columns * stepX + 1, Math.ceil(count / columns) * stepY + 1];
  const samples = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * channels;
      samples.fill(x % stepX === 0 || y % stepY === 0 ? lineBrightness : 255, at, at + channels);
    }
  }
  return { width, height, channels, samples };
}

/** Writes an enlarged picture into a grid. */
function putPicture(
  grid: Bitmap,
  picture: Bitmap,
  place: { readonly x: number; readonly y: number },
  scale: number,
): void {
  const { width, height, channels } = picture;
  for (let y = 0; y < height * scale; y++) {
    const line = Math.floor(y / scale) * width * channels;
    const start = ((place.y + y) * grid.width + place.x) * channels;
    for (let i = 0; i < width * scale * channels; i++) {
      const pixel = Math.floor(i / (scale * channels));
      grid.samples[start + i] = picture.samples[line + pixel * channels + (i % channels)];
    }
  }
}

/** Brightness of a value: white at one end of the range, black at the other, clipped; NaN is mid-grey. */
function brightnessScale([white, black]: readonly [number, number]): (value: number) => number {
  if (!(white !== black))
    throw new DomainError(`imageGrid: range must have two different ends, got ${white} and ${black}`);
  return (value) => {
    const ink = (value - white) / (black - white);
    return Number.isNaN(ink) ? 128 : Math.round(255 * (1 - Math.min(1, Math.max(0, ink))));
  };
}

/** Width of an enlarged grid, and largest side of an enlarged pixel. */
const [widest, largestPixel] = [1000, 16];

/** The enlargement at which so many pictures beside each other are at most 1000 pixels wide, at least 1 and at most 16. */
export const fittingScale = ({ width }: Pick<ImageShape, "width">, columns: number): number =>
  Math.min(largestPixel, Math.max(1, Math.floor((widest - columns - 1) / (columns * width))));
