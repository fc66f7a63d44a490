import { type Shape, sizeOf } from "@pushforward/tensor";
import fc from "fast-check";

/** Options of shapes. */
export interface ShapeOptions {
  /** Default 0. */
  readonly minRank?: number;
  /** Default 3. */
  readonly maxRank?: number;
  /** Most elements; default 60. */
  readonly maxSize?: number;
  /** Whether an axis may have size 0; default true. */
  readonly empty?: boolean;
  /** Whether axes longer than 7 may occur; default false. */
  readonly long?: boolean;
}

/** Sizes of an axis: often 1 and odd, now and then 0, and where asked for longer than a few vectors. */
export const axisSizes = ({ empty = true, long = false } = {}): fc.Arbitrary<number> =>
  fc.constantFrom(1, 2, 3, 2, 5, 3, 4, 1, 7, ...(empty ? [0] : []), ...(long ? [9, 17, 33, 67] : []));

/** Shapes: 0-d, empty, with axes of size 1, with odd sizes. */
export function shapes(options: ShapeOptions = {}): fc.Arbitrary<Shape> {
  const { minRank = 0, maxRank = 3, maxSize = 60, empty = true, long = false } = options;
  return fc.array(axisSizes({ empty, long }), { minLength: minRank, maxLength: maxRank }).map((sizes) => {
    const shape = [...sizes];
    while (sizeOf(shape) > maxSize) shape[shape.indexOf(Math.max(...shape))] = 1;
    return shape;
  });
}

/** A shape that broadcasts to the given one: leading axes left out, some sizes 1. */
export const shapesThatBroadcastTo = (shape: Shape): fc.Arbitrary<Shape> =>
  fc
    .tuple(fc.nat({ max: shape.length }), fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }))
    .map(([left, isOne]) => shape.map((n, axis) => (isOne[axis] ? 1 : n)).slice(left));

/** Two shapes that broadcast together, and what they broadcast to. */
export const broadcastPairs = (options: ShapeOptions = {}): fc.Arbitrary<{ a: Shape; b: Shape; both: Shape }> =>
  shapes(options).chain((shape) =>
    fc.tuple(shapesThatBroadcastTo(shape), shapesThatBroadcastTo(shape)).map(([a, b]) => ({ a, b, both: join(a, b) })),
  );

/** The common shape of two that fit, axis by axis from the last. */
function join(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [n, m] = [a, b].map((shape) => shape[shape.length - rank + axis] ?? 1);
    return n === 1 ? m : n;
  });
}

/** Sizes [m, k, n] of a matrix product. */
export const shapeTriples = ({ empty = true } = {}): fc.Arbitrary<readonly [number, number, number]> =>
  fc.tuple(axisSizes({ empty }), axisSizes({ empty }), axisSizes({ empty }));
