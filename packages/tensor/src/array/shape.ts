import { ShapeError } from "./errors.ts";
import { quote, shorten } from "./quote.ts";

/** Sizes of the axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** Axis argument of reductions: one axis, several, or all of them (null or undefined). */
export type Axes = number | readonly number[] | null;

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

export const formatShape = (shape: Shape): string => `[${shorten(shape.join(", "))}]`;

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, axis) => n === b[axis]);

/** Throws a ShapeError unless every size is a whole number ≥ 0 and the total can be allocated. */
export function checkShape(operation: string, shape: Shape): Shape {
  if (!Array.isArray(shape)) {
    const hint = typeof shape === "number" ? `; use [${shape}]` : "";
    throw new ShapeError(`${operation}: the shape must be an array of sizes, got ${quote(shape)}${hint}`);
  }
  const bad = shape.findIndex((n) => !Number.isInteger(n) || n < 0);
  if (bad >= 0) {
    throw new ShapeError(`${operation}: sizes must be whole numbers ≥ 0, got ${formatShape(shape)} (axis ${bad})`);
  }
  if (sizeOf(shape) > 2 ** 32) {
    throw new ShapeError(
      `${operation}: ${formatShape(shape)} has ${sizeOf(shape)} elements, more than 2^32 cannot be held`,
    );
  }
  return shape;
}

/** The common shape by NumPy's rule: align at the last axis, size 1 stretches. */
export function broadcastShapes(operation: string, ...shapes: Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const n = shape[axis - rank + shape.length] ?? 1;
      if (n !== 1 && size !== 1 && n !== size) {
        throw new ShapeError(
          `${operation}: shapes must broadcast, got ${shapes.map(formatShape).join(" and ")}; sizes at an axis must agree or be 1`,
        );
      }
      if (n !== 1) size = n;
    }
    return size;
  });
}

/** A possibly negative axis as a number in [0, rank). */
export function normalizeAxis(operation: string, axis: number, shape: Shape): number {
  const index = axis < 0 ? axis + shape.length : axis;
  if (Number.isInteger(axis) && index >= 0 && index < shape.length) return index;
  throw new ShapeError(`${operation}: axis ${quote(axis)} is out of range for shape ${formatShape(shape)}`);
}

/** Axes as sorted numbers in [0, rank); null and undefined mean all of them. */
export function normalizeAxes(operation: string, axes: Axes | undefined, shape: Shape): number[] {
  if (axes === null || axes === undefined) return shape.map((_, axis) => axis);
  if (typeof axes !== "number" && !Array.isArray(axes)) {
    throw new ShapeError(`${operation}: axes must be a number or an array of numbers, got ${quote(axes)}`);
  }
  const list = (typeof axes === "number" ? [axes] : (axes as readonly number[])).map((axis) =>
    normalizeAxis(operation, axis, shape),
  );
  if (new Set(list).size !== list.length) {
    throw new ShapeError(`${operation}: axes must differ, got ${formatShape(list)} for shape ${formatShape(shape)}`);
  }
  return list.sort((a, b) => a - b);
}
