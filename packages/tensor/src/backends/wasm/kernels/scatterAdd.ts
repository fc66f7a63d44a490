import { bytesPerElement, type DType } from "../../../array/dtype.ts";
import { sizeOf } from "../../../array/shape.ts";
import type { MoveKernel } from "../../../compiler/plan.ts";
import { collapse, type Iteration, wholeView } from "../../../compiler/view.ts";
import type { ScatterAddParams } from "../../../primitives/indexing.ts";
import { type FunctionBuilder, f32x4, f64x2, i32x4, type Opcode, v128 } from "../assembler/index.ts";
import { loadVector, storeVector } from "../vector/index.ts";
import { emitAddPart, pushCorrected, sumFormats } from "./compensatedSum.ts";
import { type Box, withoutFirst } from "./copy.ts";
import type { Lowering } from "./lowering.ts";
import { lowerZeros } from "./lowerZeros.ts";
import { operandViews } from "./operand.ts";
import { setScaled } from "./pack.ts";
import { emitPick } from "./pick.ts";
import { type Walker, walk } from "./walk.ts";
import { forWorkItemSize, lowerWorkItems } from "./workItems.ts";

/** Columns of one work item where a single matrix is added to. */
const columnsPerItem = 64;

/** A lowered scatterAdd; strides in bytes. */
interface Scatter {
  readonly adder: Adder;
  readonly starts: readonly number[];
  /** Strides of updates, indices and result along B, of the first two along K. */
  readonly batch: Iteration;
  readonly picks: Iteration;
  /** R: from updates to the result. */
  readonly box: Box;
  /** The axis that is written to, and bytes between its elements. */
  readonly size: number;
  readonly stride: number;
}

/** How updates are added to totals: float32 in float64, float64 with its rounding errors, as in running sums. */
interface Adder {
  /** Bytes of an update, and of a total. */
  readonly bytes: number;
  readonly totalBytes: number;
  /** Elements of a vector. */
  readonly laneCount: 2 | 4;
  /** Adds a vector of `count` elements, all or one, that lies `element` elements behind the addresses. */
  add(fn: FunctionBuilder, at: Addition): void;
}

interface Addition {
  readonly source: number;
  readonly target: number;
  readonly count: number;
  readonly element: number;
}

/** @param distance bytes from a total to its rounding error */
const adders: Readonly<Record<Exclude<DType, "bool">, (distance: number) => Adder>> = {
  int32: () => ({
    ...{ bytes: 4, totalBytes: 4, laneCount: 4 },
    add(fn, { source, target, count, element }) {
      fn.get(target);
      for (const local of [target, source])
        loadPart(fn, local, count === 1 ? v128.load32Splat : v128.load, 4 * element);
      fn.op(i32x4.add);
      if (count === 1) fn.memoryLane(v128.store32Lane, 0, 4 * element);
      else fn.memory(v128.store, 4 * element);
    },
  }),
  float32: () => ({
    ...{ bytes: 4, totalBytes: 8, laneCount: 2 },
    add(fn, { source, target, count, element }) {
      fn.get(target);
      loadPart(fn, target, count === 1 ? v128.load64Splat : v128.load, 8 * element);
      if (count === 1) loadPart(fn, source, v128.load32Splat, 4 * element);
      else loadVector(fn, { dtype: "float32", laneCount: 2, address: source, offset: 4 * element });
      fn.op(f64x2.promoteLowF32x4);
      fn.op(f64x2.add);
      if (count === 1) fn.memoryLane(v128.store64Lane, 0, 8 * element);
      else fn.memory(v128.store, 8 * element);
    },
  }),
  float64: (distance) => ({
    ...{ bytes: 8, totalBytes: 8, laneCount: 2 },
    add(fn, { source, target, count, element }) {
      const [total, lost, part] = [fn.local("v128"), fn.local("v128"), fn.local("v128")];
      const load = count === 1 ? v128.load64Splat : v128.load;
      const places = [
        [target, 8 * element, total],
        [target, 8 * element + distance, lost],
        [source, 8 * element, part],
      ] as const;
      for (const [address, offset, local] of places) {
        loadPart(fn, address, load, offset);
        fn.set(local);
      }
      emitAddPart(fn, sumFormats.float64, { total, lost }, part);
      for (const [address, offset, local] of places.slice(0, 2)) {
        fn.get(address);
        fn.get(local);
        if (count === 1) fn.memoryLane(v128.store64Lane, 0, offset);
        else fn.memory(v128.store, offset);
      }
      for (const local of [total, lost, part]) fn.release(local);
    },
  }),
};

function loadPart(fn: FunctionBuilder, address: number, load: Opcode, offset: number): void {
  fn.get(address);
  fn.memory(load, offset);
}

/**
 * Lowers updates [...B, ...K, ...R], indices [...B, ...K] → [...B, size, ...R]. Updates are added in the order of their indices.
 * A work item writes a part of the result of its own: a matrix of the batch, or some columns of R.
 */
export function lowerScatterAdd(lowering: Lowering, kernel: MoveKernel, index: number): void {
  const [{ value, buffer }] = kernel.outputs;
  const dtype = buffer.dtype as keyof typeof adders;
  if (value.size === 0) return;
  const out = lowering.addressOf(buffer);
  if (sizeOf(operandViews(kernel)[0].shape) === 0) {
    lowerZeros(lowering, index, out, value.size * bytesPerElement(dtype));
    return;
  }
  const scratch = dtype === "int32" ? out : lowering.scratch(value.size * 8 + 16);
  const adder = adders[dtype](scratch - out);
  const totals = dtype === "float32" ? scratch : out;
  for (const at of new Set([totals, scratch])) lowerZeros(lowering, index, at, value.size * adder.totalBytes);
  lowerAdditions(lowering, index, scatterOf(lowering, kernel, adder, totals));
  if (dtype !== "int32") lowerFinish(lowering, index, dtype, { size: value.size, out, scratch });
}

/** Adds all updates to totals. */
function lowerAdditions(lowering: Lowering, index: number, code: Scatter): void {
  const { batch, picks, box, adder } = code;
  const work = 2 * sizeOf(picks.shape) * (1 + sizeOf(box.shape) / adder.laneCount);
  const launch = (workItems: number): Parameters<typeof lowerWorkItems>[1] => ({
    kernel: index,
    name: "scatterAdd",
    workItems,
    cost: (sizeOf(batch.shape) * work) / workItems,
  });
  if (sizeOf(batch.shape) > 1) {
    lowerWorkItems(lowering, launch(batch.shape[0]), (fn, workItem) => {
      const walkers = startAt(
        fn,
        code,
        workItem,
        batch.strides.map(([first]) => first),
      );
      const inner = walkers.map((local, i): Walker => ({ local, strides: batch.strides[i].slice(1) }));
      walk(fn, batch.shape.slice(1), inner, () => emitMatrix(fn, code, walkers, box));
    });
    return;
  }
  const isFlat = box.shape.length === 1;
  const perItem = isFlat ? columnsPerItem : 1;
  lowerWorkItems(lowering, launch(Math.ceil(box.shape[0] / perItem)), (fn, workItem) => {
    const walkers = startAt(fn, code, workItem, [box.from[0] * perItem, 0, box.to[0] * perItem]);
    if (!isFlat) emitMatrix(fn, code, walkers, withoutFirst(box));
    else {
      forWorkItemSize(fn, workItem, { size: box.shape[0], perItem }, (count) =>
        emitMatrix(fn, code, walkers, { ...box, shape: [count] }),
      );
    }
  });
}

function scatterOf(lowering: Lowering, kernel: MoveKernel, adder: Adder, totals: number): Scatter {
  const [updates, indices] = operandViews(kernel);
  const [{ value, buffer }] = kernel.outputs;
  const { batchAxes, size } = kernel.equations[0].params as ScatterAddParams;
  const out = wholeView(buffer, value.shape);
  const picks = indices.shape.length;
  const inBytes = ({ shape, strides }: Iteration, sides: readonly number[]): Iteration => ({
    shape,
    strides: strides.map((own, i) => own.map((stride) => stride * sides[i])),
  });
  const along = (from: number, to: number | undefined, views: readonly (readonly number[])[]): Iteration =>
    collapse(
      updates.shape.slice(from, to),
      views.map((strides) => strides.slice(from, to)),
    );
  const rest = inBytes(
    collapse(updates.shape.slice(picks), [updates.strides.slice(picks), out.strides.slice(batchAxes + 1)]),
    [adder.bytes, adder.totalBytes],
  );
  return {
    adder,
    starts: [lowering.startOf(updates), lowering.startOf(indices), totals],
    batch: inBytes(along(0, batchAxes, [updates.strides, indices.strides, out.strides]), [
      adder.bytes,
      4,
      adder.totalBytes,
    ]),
    picks: inBytes(along(batchAxes, picks, [updates.strides, indices.strides]), [adder.bytes, 4]),
    box: { bytes: adder.bytes, shape: rest.shape, from: rest.strides[0], to: rest.strides[1] },
    size,
    stride: out.strides[batchAxes] * adder.totalBytes,
  };
}

/** Locals with the addresses of updates, indices and result where a work item begins. */
const startAt = (fn: FunctionBuilder, { starts }: Scatter, workItem: number, strides: readonly number[]): number[] =>
  starts.map((start, i) => {
    const local = fn.local("i32");
    setScaled(fn, local, start, workItem, strides[i]);
    return local;
  });

/** Adds a box for every index. */
function emitMatrix(
  fn: FunctionBuilder,
  { picks, size, stride, adder }: Scatter,
  [from, at, base]: readonly number[],
  box: Box,
): void {
  const to = fn.local("i32");
  const walkers = [from, at].map((local, i): Walker => ({ local, strides: picks.strides[i] }));
  walk(fn, picks.shape, walkers, () => {
    emitPick(fn, to, base, { at, size, stride });
    emitAdd(fn, adder, box, from, to);
  });
  fn.release(to);
}

/** Adds a box of updates to one of totals: vectors along a run of neighbours, else one by one. */
function emitAdd(
  fn: FunctionBuilder,
  { laneCount, bytes, totalBytes, add }: Adder,
  { shape, from, to }: Box,
  source: number,
  target: number,
): void {
  const last = shape.length - 1;
  const isRun = from[last] === bytes && to[last] === totalBytes;
  const outer = isRun ? shape.slice(0, -1) : shape;
  const walkersOf = (froms: readonly number[], tos: readonly number[]): Walker[] => [
    { local: source, strides: froms },
    { local: target, strides: tos },
  ];
  walk(fn, outer, walkersOf(from, to), () => {
    if (!isRun) {
      add(fn, { source, target, count: 1, element: 0 });
      return;
    }
    const vectors = Math.floor(shape[last] / laneCount);
    const whole = (): void => add(fn, { source, target, count: laneCount, element: 0 });
    if (vectors > 0) walk(fn, [vectors], walkersOf([laneCount * bytes], [laneCount * totalBytes]), whole);
    for (let i = vectors * laneCount; i < shape[last]; i++) add(fn, { source, target, count: 1, element: i });
  });
}

/** Elements that a work item of the last pass writes: a whole number of vectors. */
const elementsPerItem = 4096;

/** Rounds totals to float32, or adds their rounding errors to totals of float64. */
function lowerFinish(
  lowering: Lowering,
  kernel: number,
  dtype: "float32" | "float64",
  { size, out, scratch }: { readonly size: number; readonly out: number; readonly scratch: number },
): void {
  const workItems = Math.ceil(size / elementsPerItem);
  const cost = Math.min(size, elementsPerItem);
  const bytes = bytesPerElement(dtype);
  lowerWorkItems(lowering, { kernel, name: "scatterEnd", workItems, cost }, (fn, workItem) => {
    const [result, total, sum] = [fn.local("i32"), fn.local("i32"), fn.local("v128")];
    setScaled(fn, result, out, workItem, elementsPerItem * bytes);
    setScaled(fn, total, scratch, workItem, elementsPerItem * 8);
    const walkers: Walker[] = [
      { local: result, strides: [2 * bytes] },
      { local: total, strides: [16] },
    ];
    const step = (): void => {
      fn.get(total);
      fn.memory(v128.load);
      if (dtype === "float32") fn.op(f32x4.demoteF64x2Zero);
      else {
        const [own, lost] = [fn.local("v128"), fn.local("v128")];
        fn.set(lost);
        fn.get(result);
        fn.memory(v128.load);
        fn.set(own);
        pushCorrected(fn, sumFormats.float64, { total: own, lost });
        fn.release(own);
        fn.release(lost);
      }
      fn.set(sum);
      // Behind the last of an odd number of elements there is room for one more.
      storeVector(fn, { dtype, laneCount: 2, address: result, offset: 0 }, sum);
    };
    forWorkItemSize(fn, workItem, { size, perItem: elementsPerItem }, (count) =>
      walk(fn, [Math.ceil(count / 2)], walkers, step),
    );
    for (const local of [result, total, sum]) fn.release(local);
  });
}
