/** Points of the plane, x and y in turn. */
export type PlanePoints = ArrayLike<number>;

/** The square part of the plane that a picture shows. */
export interface Plane {
  readonly center: readonly [x: number, y: number];
  /** Half of a side, in data units. */
  readonly half: number;
}

/** Room around the points, as a part of their extent. */
const room = 0.15;

/** The square around points, with some room; points that are not finite are left out. */
export function planeAround(points: PlanePoints): Plane {
  const [x, y] = [0, 1].map((axis) => extent(points, axis));
  const half = ((1 + room) * Math.max(x[1] - x[0], y[1] - y[0])) / 2;
  return { center: [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2], half: half > 0 ? half : 1 };
}

function extent(points: PlanePoints, axis: number): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = axis; i < points.length; i += 2) {
    if (!Number.isFinite(points[i])) continue;
    low = Math.min(low, points[i]);
    high = Math.max(high, points[i]);
  }
  return low <= high ? [low, high] : [0, 0];
}

/** Points of a field along each side of a picture. */
export const fieldSide = 16;

/** The middles of {@link fieldSide} × {@link fieldSide} cells of a plane, x and y in turn. */
export const fieldPoints = ({ center, half }: Plane): number[] => {
  const cells = Array.from({ length: fieldSide }, (_, i) => ((2 * i + 1) / fieldSide - 1) * half);
  return cells.flatMap((y) => cells.flatMap((x) => [center[0] + x, center[1] + y]));
};
