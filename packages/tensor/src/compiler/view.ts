import type { DType } from "../array/dtype.ts";
import { type Shape, sizeOf, stridesOf } from "../array/shape.ts";

/** A place in memory that holds one value of a program, row-major, or its constants or inputs. */
export interface Buffer {
  readonly id: number;
  readonly dtype: DType;
  /** Elements. */
  readonly size: number;
}

/** Elements of a buffer seen as an array: element [i, j, …] is at offset + i·strides[0] + j·strides[1] + … */
export interface View {
  readonly buffer: Buffer;
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** The whole buffer in row-major order. */
export const wholeView = (buffer: Buffer, shape: Shape): View => ({
  buffer,
  shape,
  strides: stridesOf(shape),
  offset: 0,
});

/** Whether neighbours of the array are neighbours in memory, in row-major order. */
export function isContiguous({ shape, strides }: View): boolean {
  const dense = stridesOf(shape);
  return shape.every((n, axis) => n <= 1 || strides[axis] === dense[axis]);
}

/** Repeats along new leading axes and axes of size 1, by stride 0. */
export function broadcastView(view: View, shape: Shape): View {
  const added = shape.length - view.shape.length;
  const strides = shape.map((n, axis) =>
    axis < added || (view.shape[axis - added] === 1 && n !== 1) ? 0 : view.strides[axis - added],
  );
  return { ...view, shape, strides };
}

/** Axis i of the result is axis permutation[i]. */
export const transposeView = (view: View, permutation: readonly number[]): View => ({
  ...view,
  shape: permutation.map((axis) => view.shape[axis]),
  strides: permutation.map((axis) => view.strides[axis]),
});

/** Every step-th element of each axis from start on. */
export const sliceView = (view: View, start: readonly number[], step: readonly number[], shape: Shape): View => ({
  ...view,
  shape,
  strides: view.strides.map((stride, axis) => stride * step[axis]),
  offset: view.offset + start.reduce((sum, from, axis) => sum + from * view.strides[axis], 0),
});

/** Some axes backwards. */
export const flipView = (view: View, axes: readonly number[]): View => ({
  ...view,
  strides: view.strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
  offset: view.offset + axes.reduce((sum, axis) => sum + Math.max(0, view.shape[axis] - 1) * view.strides[axis], 0),
});

/** Groups of neighbouring axes (without those of size 1) along which one stride walks through all elements. */
function runsOf({ shape, strides }: View): { size: number; stride: number }[] {
  const runs: { size: number; stride: number }[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const last = runs[runs.length - 1];
    if (last && last.stride === strides[axis] * size) {
      last.size *= size;
      last.stride = strides[axis];
    } else runs.push({ size, stride: strides[axis] });
  });
  return runs;
}

/** The same elements in row-major order under another shape, or undefined where that needs a copy. */
export function reshapeView(view: View, shape: Shape): View | undefined {
  if (sizeOf(shape) === 0) return { ...view, shape, strides: stridesOf(shape) };
  const runs = runsOf(view);
  const strides = new Array<number>(shape.length).fill(0);
  let run = runs.length - 1;
  let [left, stride] = run >= 0 ? [runs[run].size, runs[run].stride] : [1, 0];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 1) continue;
    if (left === 1 && run > 0) {
      run--;
      [left, stride] = [runs[run].size, runs[run].stride];
    }
    if (left % shape[axis] !== 0) return undefined;
    strides[axis] = stride;
    stride *= shape[axis];
    left /= shape[axis];
  }
  return { ...view, shape, strides };
}

/** Iteration over a shape with several views, with neighbouring axes merged wherever all views allow it. */
export interface Iteration {
  readonly shape: number[];
  /** Strides of each view along the merged axes. */
  readonly strides: number[][];
}

/** Merges axes so that the fewest loops remain; a scalar iterates once over one axis of size 1. */
export function collapse(shape: Shape, views: readonly (readonly number[])[]): Iteration {
  const merged: number[] = [];
  const strides: number[][] = views.map(() => []);
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const last = merged.length - 1;
    const joins = last >= 0 && views.every((own, i) => strides[i][last] === own[axis] * size);
    if (joins) merged[last] *= size;
    else merged.push(size);
    views.forEach((own, i) => {
      if (joins) strides[i][last] = own[axis];
      else strides[i].push(own[axis]);
    });
  });
  if (merged.length > 0) return { shape: merged, strides };
  return { shape: [1], strides: views.map(() => [0]) };
}
