import type { StrokePoint } from "./digitStrokes.ts";

/** A square picture that is drawn on: ink of each pixel, row by row, from 0 to 1. */
export interface Ink {
  readonly values: Float64Array;
  readonly side: number;
}

/** Width of the edge of a line in pixels, over which its ink falls from full to none. */
const edge = 1;

/**
 * Draws lines from point to point with a round pen. A pixel whose middle has the distance d from the nearest line gets the ink
 *
 *   min(1, max(0, ½ + (radius − d)/edge))
 *
 * @param points in pixels from the upper left corner
 * @param radius of the pen in pixels
 */
export function drawStroke({ values, side }: Ink, points: readonly StrokePoint[], radius: number): void {
  const reach = radius + edge / 2;
  for (let i = 1; i < points.length; i++) {
    const line = lineBetween(points[i - 1], points[i]);
    const [left, right] = span(points[i - 1][0], points[i][0], reach, side);
    const [top, bottom] = span(points[i - 1][1], points[i][1], reach, side);
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++) {
        const ink = 0.5 + (radius - distance(line, column + 0.5, row + 0.5)) / edge;
        const at = row * side + column;
        if (ink > values[at]) values[at] = Math.min(1, ink);
      }
  }
}

/** A line from a point: its direction, and the square of its length. */
interface Line {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly squared: number;
}

function lineBetween([x, y]: StrokePoint, [toX, toY]: StrokePoint): Line {
  const dx = toX - x;
  const dy = toY - y;
  return { x, y, dx, dy, squared: dx * dx + dy * dy };
}

/** Distance of a point from the nearest point of a line. */
function distance({ x, y, dx, dy, squared }: Line, atX: number, atY: number): number {
  const px = atX - x;
  const py = atY - y;
  const along = squared > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / squared)) : 0;
  const ex = px - along * dx;
  const ey = py - along * dy;
  return Math.sqrt(ex * ex + ey * ey);
}

/** First and last pixel whose middle lies within reach of a line along one axis. */
const span = (a: number, b: number, reach: number, side: number): [first: number, last: number] => [
  Math.max(0, Math.ceil(Math.min(a, b) - reach - 0.5)),
  Math.min(side - 1, Math.floor(Math.max(a, b) + reach - 0.5)),
];
