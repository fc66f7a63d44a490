import { collapse, type View } from "../../../compiler/view.ts";
import { bytesPerElement } from "../../../dtype.ts";
import { sizeOf } from "../../../shape.ts";
import { type FunctionBuilder, i32, i64, type Opcode, v128 } from "../assembler/index.ts";
import type { Lowering } from "./launch.ts";
import { operandOf } from "./operand.ts";
import { setScaled } from "./pack.ts";
import { forUnitSize, lowerUnits, type Walker, walk } from "./units.ts";

/** Elements of one unit when a copy is a single run. */
const unitElements = 4096;

/** Longest run that is copied by single loads and stores, in bytes; a call of memory.copy costs about as much. */
const inlineBytes = 128;

/** Elements that are copied, each `bytes` long; strides of both sides in bytes, along the axes of `shape`. */
export interface Box {
  readonly bytes: number;
  readonly shape: readonly number[];
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Loads and stores by the bytes they move, largest first. */
const pieces: readonly { readonly bytes: number; readonly load: Opcode; readonly store: Opcode }[] = [
  { bytes: 16, load: v128.load, store: v128.store },
  { bytes: 8, load: i64.load, store: i64.store },
  { bytes: 4, load: i32.load, store: i32.store },
  { bytes: 2, load: i32.load16U, store: i32.store16 },
  { bytes: 1, load: i32.load8U, store: i32.store8 },
];

/** Copies the elements of one view to the places of another of the same shape. */
export function lowerCopy(lowering: Lowering, kernel: number, from: View, to: View): void {
  if (sizeOf(from.shape) === 0) return;
  const { shape, strides } = collapse(from.shape, [from.strides, to.strides]);
  const [source, target] = [from, to].map((view, i) => operandOf(lowering, view, strides[i]));
  const isFlat = shape.length === 1;
  const perUnit = isFlat ? unitElements : 1;
  const all: Box = {
    bytes: bytesPerElement(from.buffer.dtype),
    shape,
    from: source.strides,
    to: target.strides,
  };
  const units = Math.ceil(shape[0] / perUnit);
  lowerUnits(lowering, { kernel, name: "copy", units, cost: costOf(all) / units }, (fn, unit) => {
    const [a, b] = [fn.local("i32"), fn.local("i32")];
    setScaled(fn, a, source.start, unit, perUnit * source.strides[0]);
    setScaled(fn, b, target.start, unit, perUnit * target.strides[0]);
    if (isFlat)
      forUnitSize(fn, unit, { size: shape[0], perUnit }, (count) => emitCopy(fn, { ...all, shape: [count] }, a, b));
    else emitCopy(fn, withoutFirst(all), a, b);
  });
}

/** One step along the first axis. */
export const withoutFirst = ({ bytes, shape, from, to }: Box): Box => ({
  bytes,
  shape: shape.slice(1),
  from: from.slice(1),
  to: to.slice(1),
});

/** Rough time of a copy in ns. */
export function costOf(box: Box): number {
  return sizeOf(box.shape) * (isRun(box) ? box.bytes / 8 : 1);
}

const isRun = ({ bytes, shape, from, to }: Box): boolean => {
  const last = shape.length - 1;
  return from[last] === bytes && to[last] === bytes;
};

/**
 * Copies a box between the addresses in two locals, which keep their values.
 *
 * Where the last axis is a run of neighbours on both sides it is copied whole.
 */
export function emitCopy(fn: FunctionBuilder, box: Box, from: number, to: number): void {
  const { bytes, shape } = box;
  const last = shape.length - 1;
  const isWhole = last < 0 || shape[last] === 1 || isRun(box);
  const outer = isWhole ? shape.slice(0, -1) : shape;
  const walkers: Walker[] = [
    { local: from, strides: box.from },
    { local: to, strides: box.to },
  ];
  walk(fn, outer, walkers, () => emitRun(fn, isWhole ? (shape[last] ?? 1) * bytes : bytes, from, to));
}

/** Copies neighbouring bytes. */
function emitRun(fn: FunctionBuilder, bytes: number, from: number, to: number): void {
  if (bytes > inlineBytes) {
    fn.get(to);
    fn.get(from);
    fn.i32(bytes);
    fn.memoryCopy();
    return;
  }
  let done = 0;
  for (const piece of pieces) {
    for (; bytes - done >= piece.bytes; done += piece.bytes) {
      fn.get(to);
      fn.get(from);
      fn.memory(piece.load, done);
      fn.memory(piece.store, done);
    }
  }
}
