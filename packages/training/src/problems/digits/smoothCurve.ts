import type { Stroke, StrokePoint } from "./digitStrokes.ts";

/** Lines between two points of a stroke. */
const linesPerSpan = 6;

/** Points on a smooth curve through the points of a stroke; a stroke that ends where it begins has no corner there. */
export function smoothCurve(points: Stroke): StrokePoint[] {
  const last = points.length - 1;
  const isClosed = last > 1 && points[0][0] === points[last][0] && points[0][1] === points[last][1];
  const before = isClosed ? points[last - 1] : points[0];
  const after = isClosed ? points[1] : points[last];
  const all = [before, ...points, after];
  const spans = points.slice(1).map((_, i) =>
    Array.from({ length: linesPerSpan }, (_, step): StrokePoint => {
      const four = all.slice(i, i + 4);
      const [x, y] = [0, 1].map((axis) =>
        catmullRom(
          four.map((point) => point[axis]),
          (step + 1) / linesPerSpan,
        ),
      );
      return [x, y];
    }),
  );
  return [points[0], ...spans.flat()];
}

/**
 * A number between the second and the third of four.
 *
 *   p(u) = ½·(2b + (c − a)·u + (2a − 5b + 4c − d)·u² + (3b − a − 3c + d)·u³)
 *
 * @param u from 0 at b to 1 at c
 * @source Catmull and Rom 1974
 */
const catmullRom = ([a, b, c, d]: readonly number[], u: number): number =>
  0.5 * (2 * b + u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * b - a - 3 * c + d))));
