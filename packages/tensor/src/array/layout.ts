import { type Shape, sizeOf, stridesOf } from "./shape.ts";

/** Where the elements of an array lie in a buffer: element [i, j, …] is at offset + i·strides[0] + j·strides[1] + … */
export interface Layout {
  readonly shape: Shape;
  /** Elements of the buffer between neighbours of each axis; 0 repeats, a negative stride runs backwards. */
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Row-major order from the start of a buffer. */
export const denseLayout = (shape: Shape): Layout => ({ shape, strides: stridesOf(shape), offset: 0 });

/** Whether neighbours of the array are neighbours in the buffer, in row-major order. */
export function isContiguous({ shape, strides }: Layout): boolean {
  const dense = stridesOf(shape);
  return shape.every((n, axis) => n <= 1 || strides[axis] === dense[axis]);
}

/** Every step-th element of each axis, from start on. */
export const sliceLayout = <L extends Layout>(
  layout: L,
  start: readonly number[],
  step: readonly number[],
  shape: Shape,
): L => ({
  ...layout,
  shape,
  strides: layout.strides.map((stride, axis) => stride * step[axis]!),
  offset: layout.offset + start.reduce((sum, from, axis) => sum + from * layout.strides[axis]!, 0),
});

/** Groups of neighbouring axes (without those of size 1) along which one stride walks through all elements. */
function runsOf({ shape, strides }: Layout): { size: number; stride: number }[] {
  const runs: { size: number; stride: number }[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const last = runs[runs.length - 1];
    if (last && last.stride === strides[axis]! * size) {
      last.size *= size;
      last.stride = strides[axis]!;
    } else runs.push({ size, stride: strides[axis]! });
  });
  return runs;
}

/** The same elements in row-major order under another shape of the same size, or undefined where that needs a copy. */
export function reshapeLayout(layout: Layout, shape: Shape): Layout | undefined {
  if (sizeOf(shape) === 0 || isContiguous(layout)) return { ...layout, shape, strides: stridesOf(shape) };
  const runs = runsOf(layout);
  const strides = new Array<number>(shape.length).fill(0);
  let run = runs.length - 1;
  let [left, stride] = run >= 0 ? [runs[run]!.size, runs[run]!.stride] : [1, 0];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    if (size === 1) continue;
    if (left === 1 && run > 0) {
      run--;
      [left, stride] = [runs[run]!.size, runs[run]!.stride];
    }
    if (left % size !== 0) return undefined;
    strides[axis] = stride;
    stride *= size;
    left /= size;
  }
  return { ...layout, shape, strides };
}
