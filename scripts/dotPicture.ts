import type { PointSet } from "@pushforward/training";
import { escapeHtml } from "../packages/lab/src/report/html.ts";
import { viewOf } from "../packages/lab/src/report/view.ts";

/** Side of the picture in units of the SVG. Whole units are fine enough, and short in the file. */
const side = 300;
/** Height of the strips in which dots follow each other, so that the offsets between dots are short in the file. */
const strip = 10;
/** Both colours contrast with white and with black. */
const colors = { under: "#8b949e", over: "#3b82f6" } as const;

/** Positions inside the picture, strip after strip, left to right and back. */
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

/** Dots as lines of length 0 with round ends; each dot is relative to the previous dot. */
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
 * @param title description for screen readers
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
