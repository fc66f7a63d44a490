import { bytesPerElement } from "../../../array/dtype.ts";
import { sizeOf } from "../../../array/shape.ts";
import { collapse, type View } from "../../../compiler/view.ts";
import { type FunctionBuilder, i32, i64, type Opcode, v128 } from "../assembler/index.ts";
import type { Lowering } from "./lowering.ts";
import { pushWithOffset, setScaled } from "./pack.ts";
import { walk } from "./walk.ts";
import { forWorkItemSize, lowerWorkItems } from "./workItems.ts";

/** Elements of one work item when a copy is a single run. */
const elementsPerItem = 4096;

/** Longest run that is copied by single loads and stores, in bytes; a call of memory.copy costs about as much. */
const inlineBytes = 128;

/** Elements that are copied one by one without a branch between them; as many cache lines share one set of the first cache. */
const block = 8;

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
  const bytes = bytesPerElement(from.buffer.dtype);
  const { shape, strides } = collapse(from.shape, [from.strides, to.strides]);
  const [source, target] = strides.map((own) => own.map((stride) => stride * bytes));
  const starts = [from, to].map((view) => lowering.startOf(view));
  for (const { box, skipped } of blocked({ bytes, shape, from: source, to: target })) {
    lowerBox(
      lowering,
      kernel,
      box,
      starts.map((start, i) => start + skipped[i]),
    );
  }
}

/**
 * Where neighbours of the source are not neighbours of the target, some rows of the target are written at a time, so that every
 * cache line of the source is fetched once. The remaining rows are a box of their own.
 */
function blocked(box: Box): { readonly box: Box; readonly skipped: readonly number[] }[] {
  const { bytes, shape, from, to } = box;
  const row = from.indexOf(bytes);
  if (row < 0 || row === shape.length - 1 || shape[row] < block) return [{ box, skipped: [0, 0] }];
  const whole = Math.floor(shape[row] / block);
  const split = (values: readonly number[], outer: number, inner: number): number[] => [
    ...values.slice(0, row),
    outer,
    ...values.slice(row + 1),
    inner,
  ];
  const main: Box = {
    bytes,
    shape: split(shape, whole, block),
    from: split(from, from[row] * block, from[row]),
    to: split(to, to[row] * block, to[row]),
  };
  const left = shape[row] - whole * block;
  if (left === 0) return [{ box: main, skipped: [0, 0] }];
  const rest: Box = { ...box, shape: shape.map((n, axis) => (axis === row ? left : n)) };
  return [
    { box: main, skipped: [0, 0] },
    { box: rest, skipped: [from[row], to[row]].map((stride) => stride * whole * block) },
  ];
}

/** A work item is one step along the first axis, or a part of the only one. */
function lowerBox(lowering: Lowering, kernel: number, box: Box, starts: readonly number[]): void {
  const { shape } = box;
  const isFlat = shape.length === 1;
  const perItem = isFlat ? elementsPerItem : 1;
  const workItems = Math.ceil(shape[0] / perItem);
  lowerWorkItems(lowering, { kernel, name: "copy", workItems, cost: costOf(box) / workItems }, (fn, workItem) => {
    const [from, to] = [fn.local("i32"), fn.local("i32")];
    setScaled(fn, from, starts[0], workItem, perItem * box.from[0]);
    setScaled(fn, to, starts[1], workItem, perItem * box.to[0]);
    if (!isFlat) emitCopy(fn, withoutFirst(box), from, to);
    else {
      forWorkItemSize(fn, workItem, { size: shape[0], perItem }, (count) =>
        emitCopy(fn, { ...box, shape: [count] }, from, to),
      );
    }
  });
}

/** One step along the first axis. */
export const withoutFirst = ({ bytes, shape, from, to }: Box): Box => ({
  bytes,
  shape: shape.slice(1),
  from: from.slice(1),
  to: to.slice(1),
});

/** Whether the last axis is a run of neighbours on both sides. */
const isRun = ({ bytes, shape, from, to }: Box): boolean => {
  const last = shape.length - 1;
  return shape[last] === 1 || (from[last] === bytes && to[last] === bytes);
};

/** Rough time of a copy in ns. */
export const costOf = (box: Box): number => sizeOf(box.shape) * (isRun(box) ? box.bytes / 8 : 1);

/** Copies a box between the addresses in two locals, which keep their values. */
export function emitCopy(fn: FunctionBuilder, box: Box, from: number, to: number): void {
  const { bytes, shape } = box;
  const last = shape.length - 1;
  const walkers = [
    { local: from, strides: box.from },
    { local: to, strides: box.to },
  ];
  walk(fn, shape.slice(0, -1), walkers, () => {
    if (last < 0 || isRun(box)) emitRun(fn, (shape[last] ?? 1) * bytes, from, to);
    else emitScattered(fn, box, from, to);
  });
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

/** Copies the elements of the last axis one by one. */
function emitScattered(fn: FunctionBuilder, box: Box, from: number, to: number): void {
  const last = box.shape.length - 1;
  const { load, store } = pieces.find(({ bytes }) => bytes === box.bytes)!;
  const strides = [box.from[last], box.to[last]];
  const whole = Math.floor(box.shape[last] / block);
  const copy = (first: number, count: number): void => {
    for (let i = first; i < first + count; i++) {
      const offset = pushWithOffset(fn, to, i * strides[1]);
      fn.memory(load, pushWithOffset(fn, from, i * strides[0]));
      fn.memory(store, offset);
    }
  };
  const walkers = [from, to].map((local, side) => ({ local, strides: [strides[side] * block] }));
  if (whole > 0) walk(fn, [whole], walkers, () => copy(0, block));
  copy(whole * block, box.shape[last] - whole * block);
}
