import { blend, type Rgb } from "./color.ts";
import type { Picture } from "./paintPoints.ts";
import type { Plane, PlanePoints } from "./plane.ts";

/** Look of lines. */
export interface Strokes {
  readonly color: Rgb;
  readonly opacity: number;
}

/** A place of a picture in pixels, from its left and its top. */
type Place = readonly [x: number, y: number];

/** The place of a point of the plane in a picture. */
export const placeOf = ({ side }: Picture, { center, half }: Plane, x: number, y: number): Place => {
  const scale = side / (2 * half);
  return [(x - center[0] + half) * scale, (center[1] + half - y) * scale];
};

/** Most pixels of one line: a longer one leaves the picture by far. */
const longest = 4096;

/** Paints a line between two places; parts outside the picture and ends that are not finite are left out. */
function paintLine({ pixels, side }: Picture, from: Place, to: Place, { color, opacity }: Strokes): void {
  const length = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]));
  if (!(length <= longest)) return;
  const count = Math.max(1, Math.ceil(length));
  for (let i = 0; i < count; i++) {
    const column = Math.round(from[0] + ((to[0] - from[0]) * i) / count);
    const row = Math.round(from[1] + ((to[1] - from[1]) * i) / count);
    if (column < 0 || column >= side || row < 0 || row >= side) continue;
    pixels[row * side + column] = blend(pixels[row * side + column], color, opacity);
  }
}

/** Paints lines through points of the plane, x and y in turn. */
export function paintPaths(picture: Picture, paths: readonly PlanePoints[], plane: Plane, strokes: Strokes): void {
  for (const path of paths)
    for (let i = 2; i + 1 < path.length; i += 2)
      paintLine(
        picture,
        placeOf(picture, plane, path[i - 2], path[i - 1]),
        placeOf(picture, plane, path[i], path[i + 1]),
        strokes,
      );
}

/** Vectors at points of the plane, x and y in turn. */
export interface Arrows {
  readonly points: PlanePoints;
  readonly vectors: PlanePoints;
}

/** Length and half width of a head over the length of its arrow. */
const [headLength, headWidth] = [0.3, 0.16];

/** Paints arrows; a vector of length `scale` is drawn with length 1 of the plane. */
export function paintArrows(
  picture: Picture,
  { points, vectors }: Arrows,
  plane: Plane,
  { scale, ...strokes }: Strokes & { readonly scale: number },
): void {
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y, dx, dy] = [points[i], points[i + 1], vectors[i] / scale, vectors[i + 1] / scale];
    const place = (along: number, across: number): Place =>
      placeOf(picture, plane, x + along * dx - across * dy, y + along * dy + across * dx);
    paintLine(picture, place(0, 0), place(1, 0), strokes);
    for (const side of [-headWidth, headWidth]) paintLine(picture, place(1, 0), place(1 - headLength, side), strokes);
  }
}
