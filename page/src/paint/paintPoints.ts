import { blend, type Rgb } from "./color.ts";
import type { Plane, PlanePoints } from "./plane.ts";

/** A square picture: its pixels row by row, and its side. */
export interface Picture {
  readonly pixels: Uint32Array<ArrayBuffer>;
  readonly side: number;
}

/** How dots look. */
export interface Dots {
  readonly color: Rgb;
  readonly opacity: number;
  /** In pixels. */
  readonly radius: number;
}

/** Paints points of the plane as translucent dots; points outside the plane and points that are not finite are left out. */
export function paintPoints(
  picture: Picture,
  points: PlanePoints,
  plane: Plane,
  { color, opacity, radius }: Dots,
): void {
  const { pixels, side } = picture;
  const scale = side / (2 * plane.half);
  const stamp = discOf(radius);
  for (let i = 0; i + 1 < points.length; i += 2) {
    const x = Math.round((points[i] - plane.center[0] + plane.half) * scale);
    const y = Math.round((plane.center[1] + plane.half - points[i + 1]) * scale);
    if (!(x >= 0 && x < side && y >= 0 && y < side)) continue;
    for (const [dx, dy] of stamp) {
      const [column, row] = [x + dx, y + dy];
      if (column < 0 || column >= side || row < 0 || row >= side) continue;
      const at = row * side + column;
      pixels[at] = blend(pixels[at], color, opacity);
    }
  }
}

/** The pixels of a disc around its middle. */
function discOf(radius: number): [dx: number, dy: number][] {
  const reach = Math.ceil(radius);
  const places = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  return places.flatMap((dy) =>
    places.flatMap((dx): [number, number][] => (dx * dx + dy * dy <= radius * radius + 0.25 ? [[dx, dy]] : [])),
  );
}
