import type { GraphLayout, PlacedBox, Point } from "../../../src/explain/layoutGraph.ts";

/** A rectangle in pixels. */
type Rectangle = Pick<PlacedBox, "x" | "y" | "width" | "height">;

const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Pairs of boxes that overlap. */
export function overlappingBoxes(boxes: readonly PlacedBox[]): string[] {
  return boxes.flatMap((a, i) =>
    boxes.slice(i + 1).flatMap((b) => (overlap(a, b) ? [`${a.box.id} and ${b.box.id} overlap`] : [])),
  );
}

/** Boxes that an arrow crosses: the curve between two points stays inside their rectangle, and is vertical beside boxes. */
export function crossedBoxes({ boxes, edges }: GraphLayout): string[] {
  const spans = (points: readonly Point[]): Rectangle[] =>
    points.slice(1).map((to, i) => {
      const from = points[i];
      const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)];
      return { x, y, width: Math.abs(from.x - to.x), height: Math.abs(from.y - to.y) };
    });
  return edges.flatMap(({ edge, points }) =>
    boxes
      .filter(({ box }) => box.id !== edge.from && box.id !== edge.to)
      .flatMap((placed) =>
        spans(points).some((span) => overlap(span, placed))
          ? [`${edge.from} → ${edge.to} crosses ${placed.box.id}`]
          : [],
      ),
  );
}

/** Boxes and arrows that leave the drawing. */
export function strays({ boxes, edges, width, height }: GraphLayout): string[] {
  const isInside = ({ x, y }: Point): boolean => x >= 0 && y >= 0 && x <= width && y <= height;
  const corners = (b: PlacedBox): Point[] => [b, { x: b.x + b.width, y: b.y + b.height }];
  return [
    ...boxes.filter((b) => !corners(b).every(isInside)).map(({ box }) => `${box.id} leaves the drawing`),
    ...edges
      .filter(({ points }) => !points.every(isInside))
      .map(({ edge }) => `${edge.from} → ${edge.to} leaves the drawing`),
  ];
}
