import type { TypedArray } from "../array/dtype.ts";
import type { Layout } from "../array/layout.ts";
import { type Shape, sizeOf } from "../array/shape.ts";

/** Copies the elements of a layout into row-major order: the loop of every view primitive. */
export function copyStrided(out: TypedArray, source: TypedArray, { shape, strides, offset }: Layout): void {
  if (sizeOf(shape) === 0) return;
  // Leading axes that only repeat: one block is copied and then doubled.
  const repeated = strides.findIndex((stride, axis) => stride !== 0 && shape[axis] !== 1);
  if (repeated < 0) {
    out.fill(source[offset]!);
    return;
  }
  const block = sizeOf(shape.slice(repeated));
  copyRows(out.subarray(0, block), source, shape.slice(repeated), strides.slice(repeated), offset);
  for (let filled = block; filled < out.length; filled *= 2) {
    out.copyWithin(filled, 0, Math.min(filled, out.length - filled));
  }
}

/** Row by row, counting the outer axes up like an odometer. */
function copyRows(out: TypedArray, source: TypedArray, shape: Shape, strides: readonly number[], offset: number): void {
  const rank = shape.length;
  const inner = shape[rank - 1]!;
  const step = strides[rank - 1]!;
  const index = new Array<number>(rank).fill(0);
  let from = offset;
  for (let to = 0; to < out.length; to += inner) {
    copyRow(out, to, source, from, inner, step);
    for (let axis = rank - 2; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}

function copyRow(out: TypedArray, to: number, source: TypedArray, from: number, count: number, step: number): void {
  if (step === 0) out.fill(source[from]!, to, to + count);
  else if (step === 1 && count > 64) out.set(source.subarray(from, from + count), to);
  else for (let i = 0; i < count; i++) out[to + i] = source[from + i * step]!;
}
