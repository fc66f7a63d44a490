import { DomainError, ShapeError } from "@pushforward/tensor";
import { countPoints } from "@pushforward/training";
import { encodePng, pngAddress } from "./png.ts";
import type { ImagePanel } from "./report.ts";

/** A grid of pictures as one PNG, in pixels of the pictures. */
export interface ImageGrid {
  /** data:image/png;base64,… */
  readonly uri: string;
  readonly width: number;
  readonly height: number;
}

/**
 * Pictures row by row, two blank pixels apart.
 *
 * @param columns pictures per row. Default 10
 * @throws ShapeError if a row of pixels is not width·height·channels long or if there is no row, DomainError for an empty range
 */
export function drawImageGrid(panel: ImagePanel, columns = 10): ImageGrid {
  const { pixels, width, height, channels } = panel;
  const count = countPoints(pixels, "imageGrid");
  if (pixels.dim !== width * height * channels || count === 0) {
    throw new ShapeError(
      `imageGrid: pixels must be [≥ 1, ${width * height * channels}], got [${count}, ${pixels.dim}]`,
    );
  }
  const [rows, used] = [Math.ceil(count / columns), Math.min(count, columns)];
  const grid = { width: used * (width + 2) + 2, height: rows * (height + 2) + 2, channels };
  const samples = new Uint8Array(grid.width * grid.height * channels).fill(255);
  const brightness = brightnessScale(panel.range);
  const line = width * channels;
  for (let i = 0; i < pixels.values.length; i++) {
    const [picture, within] = [Math.floor(i / pixels.dim), i % pixels.dim];
    const x = 2 + (picture % columns) * (width + 2);
    const y = 2 + Math.floor(picture / columns) * (height + 2) + Math.floor(within / line);
    samples[(y * grid.width + x) * channels + (within % line)] = brightness(pixels.values[i]);
  }
  return { uri: pngAddress(encodePng(samples, grid)), width: grid.width, height: grid.height };
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
