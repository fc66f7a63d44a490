import { type Shape, sizeOf } from "../../../array/shape.ts";

/** [outer, n, inner] around an axis. */
export const splitAtAxis = (shape: Shape, axis: number): [number, number, number] => [
  sizeOf(shape.slice(0, axis)),
  shape[axis],
  sizeOf(shape.slice(axis + 1)),
];
