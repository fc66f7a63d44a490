import { DomainError, ShapeError } from "@pushforward/tensor";
import { countPoints, type PointSet } from "@pushforward/training";

/** The part of the plane that a picture shows, and its size in pixels. */
export interface View {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly width: number;
  readonly height: number;
}

/** Pixels around the frame of a picture: room for the figures on the axes. */
export const margins = { marginLeft: 30, marginRight: 8, marginTop: 8, marginBottom: 22 };

/** Length of an axis by the spread of the points. */
const roominess = 1.2;

/**
 * A picture around points. Both axes get the same scale, and the picture the shape of the points, unless one range is
 * more than three times the other: then their units differ anyway and the picture is square. A few far points do not
 * shrink the rest: it is the middle 99.6 % of each axis, and some room, that is shown.
 *
 * @param points what must be seen, [n, 2] each
 * @param size   width in pixels
 * @throws ShapeError if points are not in the plane, DomainError if none is finite
 */
export function viewOf(points: readonly PointSet[], size: number): View {
  const [x, y] = [0, 1].map((axis) => middleOf(points, axis));
  const width = size - margins.marginLeft - margins.marginRight;
  const ratio = y.spread / x.spread;
  const comparable = ratio >= 1 / 3 && ratio <= 3;
  const height = Math.round(width * (comparable ? Math.min(1.25, Math.max(0.5, ratio)) : 1));
  const unit = comparable ? Math.max(x.spread / width, y.spread / height) : undefined; // data units per pixel
  return {
    x: around(x.center, unit === undefined ? x.spread : unit * width),
    y: around(y.center, unit === undefined ? y.spread : unit * height),
    width: size,
    height: height + margins.marginTop + margins.marginBottom,
  };
}

const around = (center: number, length: number): [number, number] => [
  center - (roominess / 2) * length,
  center + (roominess / 2) * length,
];

/** How many points lie outside a view, those that are not finite included. */
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
  if (points.dim !== 2) throw new ShapeError(`${where}: a picture needs points [n, 2], got dim ${points.dim}`);
}

/** Centre and spread of the points along an axis; a spread of nothing counts as 1. */
function middleOf(points: readonly PointSet[], axis: number): { center: number; spread: number } {
  const all: number[] = [];
  for (const set of points) {
    checkPlane(set, "report");
    for (let i = axis; i < set.values.length; i += 2) if (Number.isFinite(set.values[i])) all.push(set.values[i]);
  }
  if (all.length === 0) throw new DomainError("report: a picture needs at least one finite point, got none");
  const sorted = Float64Array.from(all).sort();
  const [low, high] = [0.002, 0.998].map((quantile) => sorted[Math.round(quantile * (sorted.length - 1))]);
  return { center: (low + high) / 2, spread: high - low || 1 };
}
