import type { PointSet } from "@pushforward/training";
import { escapeHtml } from "../packages/lab/src/report/html.ts";
import { viewOf } from "../packages/lab/src/report/view.ts";

/** Side of the picture in its own units: a whole number of them is fine enough, and short to write. */
const side = 300;
/** Height of the strips in which dots follow each other, so that the way from one to the next is short to write. */
const strip = 10;
/** Both colours stand out from white and from black. */
const colors = { under: "#8b949e", over: "#3b82f6" } as const;

/** Places inside the picture, strip after strip, left to right and back. */
function placesOf({ values }: PointSet, { x, y }: ReturnType<typeof viewOf>): [number, number][] {
  const places: [number, number][] = [];
  for (let i = 0; i < values.length; i += 2) {
    const px = Math.round((side * (values[i] - x[0])) / (x[1] - x[0]));
    const py = Math.round((side * (y[1] - values[i + 1])) / (y[1] - y[0]));
    if (px >= 0 && px <= side && py >= 0 && py <= side) places.push([px, py]);
  }
  const stripOf = ([, py]: [number, number]): number => Math.floor(py / strip);
  return places.sort((a, b) => stripOf(a) - stripOf(b) || (stripOf(a) % 2 === 0 ? a[0] - b[0] : b[0] - a[0]));
}

/** Dots as lines of no length with round ends, each from the one before. */
function dots(places: readonly [number, number][]): string {
  let [atX, atY] = [0, 0];
  let path = "";
  for (const [px, py] of places) {
    const [dx, dy] = [px - atX, py - atY];
    path += `m${dx}${dy < 0 ? "" : " "}${dy}h0`;
    [atX, atY] = [px, py];
  }
  return path;
}

/**
 * Points over other points as a small SVG file for light and dark pages: one path each.
 *
 * @param title what it shows, for those who cannot see it
 * @param under points in grey, [n, 2], which set the part of the plane
 * @param over  points in colour, [n, 2]; those outside are not drawn
 */
export function dotPicture(title: string, under: PointSet, over: PointSet): string {
  const view = viewOf([under], side);
  const path = (points: PointSet, color: string, opacity: number): string =>
    `<path d="${dots(placesOf(points, view))}" stroke="${color}" stroke-opacity="${opacity}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side}" height="${side}" fill="none" stroke-width="3.5" stroke-linecap="round" role="img">
<title>${escapeHtml(title)}</title>
${path(under, colors.under, 0.5)}
${path(over, colors.over, 0.8)}
</svg>
`;
}
