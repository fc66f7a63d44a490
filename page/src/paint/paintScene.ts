import { parseColor, pixelOf, type Rgb } from "./color.ts";
import { type Picture, paintPoints } from "./paintPoints.ts";
import type { Plane, PlanePoints } from "./plane.ts";

/** Sets of points of one picture. */
export interface Scene {
  readonly plane: Plane;
  readonly data: PlanePoints;
  readonly samples: PlanePoints;
}

/** Colours of a picture, which follow the light or dark background of the page. */
export interface PictureColors {
  readonly paper: Rgb;
  readonly data: Rgb;
  readonly samples: Rgb;
}

/** Dots become larger on finer pictures. */
const radiusOf = (side: number): number => Math.max(1, side / 300);

/** The picture of a scene: samples over the data. */
export function paintScene({ plane, data, samples }: Scene, side: number, colors: PictureColors): Picture {
  const picture: Picture = { pixels: new Uint32Array(side * side).fill(pixelOf(colors.paper)), side };
  const radius = radiusOf(side);
  paintPoints(picture, data, plane, { color: colors.data, opacity: 0.12, radius });
  paintPoints(picture, samples, plane, { color: colors.samples, opacity: 0.65, radius });
  return picture;
}

/** A picture as canvases take it. */
export const imageOf = ({ pixels, side }: Picture): ImageData =>
  new ImageData(new Uint8ClampedArray(pixels.buffer), side, side);

/** The colours of a picture where an element stands. */
export function colorsAt(element: Element, samples: string): PictureColors {
  const style = getComputedStyle(element);
  const colorOf = (name: string): Rgb => parseColor(style.getPropertyValue(name));
  return { paper: colorOf("--card"), data: colorOf("--data"), samples: colorOf(samples) };
}
