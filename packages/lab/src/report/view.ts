import { DomainError, ShapeError } from "@pushforward/tensor";
import { countPoints, type PointSet } from "@pushforward/training";

/** The part of the plane that a plot shows, and the size of the plot in pixels. */
export interface View {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly width: number;
  readonly height: number;
}

/** Pixels around the frame of a plot, for the numbers on the axes. */
export const margins = { marginLeft: 30, marginRight: 8, marginTop: 8, marginBottom: 22 };

/** Length of an axis over the spread of the points. */
const roomFactor = 1.2;

/**
 * The view of a plot around points. Both axes have the same scale, and the plot has the aspect ratio of the points. If one range is
 * more than three times the other, the axes have scales of their own and the plot is square. The view holds the middle 99.6 % of
 * each axis and a margin, so that a few far points do not shrink the rest.
 *
 * @param points sets of points, [n, 2] each
 * @param size   width in pixels
 * @throws ShapeError if points are not in the plane, DomainError if none is finite
 */
export function viewOf(points: readonly PointSet[], size: number): View {
  const [x, y] = [0, 1].map((axis) => extentOf(points, axis));
  const width = size - margins.marginLeft - margins.marginRight;
  const ratio = y.spread / x.spread;
  const comparable = ratio >= 1 / 3 && ratio <= 3;
  const height = Math.round(width * (comparable ? Math.min(1.25, Math.max(0.5, ratio)) : 1));
  const unit = comparable ? Math.max(x.spread / width, y.spread / height) : undefined; // data units per pixel
  return {
    x: intervalAround(x.center, unit === undefined ? x.spread : unit * width),
    y: intervalAround(y.center, unit === undefined ? y.spread : unit * height),
    width: size,
    height: height + margins.marginTop + margins.marginBottom,
  };
}

const intervalAround = (center: number, length: number): [number, number] => [
  center - (roomFactor / 2) * length,
  center + (roomFactor / 2) * length,
];

/** Number of points outside a view; points that are not finite count as outside. */
export function countOutside({ values }: PointSet, { x, y }: View): number {
  let outside = 0;
  for (let i = 0; i < values.length; i += 2) {
    const inside = values[i] >= x[0] && values[i] <= x[1] && values[i + 1] >= y[0] && values[i + 1] <= y[1];
    if (!inside) outside++;
  }
  return outside;
}

/** @throws ShapeError unless the points are in the plane */
export function checkPlane(points: PointSet, where: string): void {
  countPoints(points, where);
  if (points.dim !== 2) throw new ShapeError(`${where}: a plot needs points [n, 2], got dim ${points.dim}`);
}

/** Centre and spread of the points along an axis; a spread of zero counts as 1. */
function extentOf(points: readonly PointSet[], axis: number): { center: number; spread: number } {
  const all: number[] = [];
  for (const set of points) {
    checkPlane(set, "report");
    for (let i = axis; i < set.values.length; i += 2) if (Number.isFinite(set.values[i])) all.push(set.values[i]);
  }
  if (all.length === 0) throw new DomainError("report: a plot needs at least one finite point, got none");
  const sorted = Float64Array.from(all).sort();
  const [low, high] = [0.002, 0.998].map((quantile) => sorted[Math.round(quantile * (sorted.length - 1))]);
  return { center: (low + high) / 2, spread: high - low || 1 };
}
