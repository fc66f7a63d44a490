import type { TypedArray } from "../dtype.ts";
import { type Shape, sizeOf } from "../shape.ts";

/**
 * Copies a strided view into row-major order: the one loop behind broadcastTo, transpose, slice and flip.
 *
 * @param strides elements of `source` between neighbours of each axis of `shape`; 0 repeats, negative runs backwards
 */
export function copyStrided(
  out: TypedArray,
  source: TypedArray,
  shape: Shape,
  strides: readonly number[],
  offset = 0,
): void {
  const rank = shape.length;
  if (sizeOf(shape) === 0) return;
  if (rank === 0) {
    out[0] = source[offset]!;
    return;
  }
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
