import { bytesPerElement, type DType } from "../../../array/dtype.ts";
import type { ScanKernel } from "../../../compiler/plan.ts";
import { collapse, wholeView } from "../../../compiler/view.ts";
import type { CumsumParams } from "../../../primitives/reduction.ts";
import { sumBlock } from "../../../scalar/sumError.ts";
import { type FunctionBuilder, f32x4, f64x2, i32, i32x4, type Opcode } from "../assembler/index.ts";
import { type LaneCount, loadSplat, loadVector, storeLanes, storeVector } from "../vector/index.ts";
import { emitAddPart, pushCorrected, sumFormats } from "./compensatedSum.ts";
import type { Lowering } from "./lowering.ts";
import { operandViews } from "./operand.ts";
import { setScaled } from "./pack.ts";
import { type Walker, walk } from "./walk.ts";
import { forWorkItemSize, lowerWorkItems } from "./workItems.ts";

/** Columns of one work item where all of them lie in one row. */
const columnsPerItem = 64;

/** Columns that are summed at a time: no line of the first cache is fetched twice. */
const groupBytes = 64;

/** A running sum: its locals. */
interface Sum {
  readonly total: number;
  /** Of float64: the rounding error of the total, and the sum of a block that is not added to the total yet. */
  readonly lost: number;
  readonly part: number;
}

/** A running sum as in the reference: float32 in float64, float64 in blocks with their rounding errors. */
interface Running {
  /** Of sums that keep their rounding errors: adds a block to the total. */
  endBlock?(fn: FunctionBuilder, sum: Sum): void;
  /** Adds the next elements to a sum. */
  add(fn: FunctionBuilder, sum: Sum, address: number, offset: number): void;
  /** Writes a sum, rounded to the dtype. */
  store(fn: FunctionBuilder, sum: Sum, address: number, offset: number): void;
}

type Number = Exclude<DType, "bool">;

/** Columns side by side: two, or four of int32. */
const laneCounts: Readonly<Record<Number, LaneCount>> = { float64: 2, float32: 2, int32: 4 };

/** Instructions of a total, and those between its format and the dtype. */
const formats: Readonly<Record<Number, { readonly add: Opcode; readonly widen?: Opcode; readonly narrow?: Opcode }>> = {
  float64: { add: f64x2.add },
  float32: { add: f64x2.add, widen: f64x2.promoteLowF32x4, narrow: f32x4.demoteF64x2Zero },
  int32: { add: i32x4.add },
};

/** A vector of columns, or one column in its first lane. */
function runningSum(dtype: Number, isVector: boolean): Running {
  const { add, widen, narrow } = formats[dtype];
  const laneCount = laneCounts[dtype];
  const isCompensated = dtype === "float64";
  return {
    add(fn, { total, part }, address, offset) {
      const local = isCompensated ? part : total;
      fn.get(local);
      if (isVector) loadVector(fn, { dtype, laneCount, address, offset });
      else loadSplat(fn, { dtype, address, offset });
      if (widen !== undefined) fn.op(widen);
      fn.op(add);
      fn.set(local);
    },
    store(fn, sum, address, offset) {
      const result = fn.local("v128");
      if (isCompensated) pushWithPart(fn, sum, result);
      else fn.get(sum.total);
      if (narrow !== undefined) fn.op(narrow);
      fn.set(result);
      if (isVector) storeVector(fn, { dtype, laneCount, address, offset }, result);
      else storeLanes(fn, { dtype, laneCount, address, offset }, result, 1);
      fn.release(result);
    },
    endBlock: isCompensated ? joinPart : undefined,
  };
}

/** Pushes total + part, corrected by the rounding error of the total. */
function pushWithPart(fn: FunctionBuilder, { total, part, lost }: Sum, sum: number): void {
  fn.get(total);
  fn.get(part);
  fn.op(sumFormats.float64.add);
  fn.set(sum);
  pushCorrected(fn, sumFormats.float64, { total: sum, lost });
}

/** total = total + part, and a new part begins. */
function joinPart(fn: FunctionBuilder, sum: Sum): void {
  emitAddPart(fn, sumFormats.float64, sum, sum.part);
  fn.v128(new Uint8Array(16));
  fn.set(sum.part);
}

/** A lowered scan: the shape without the summed axis, and the steps along that axis; all in bytes. */
interface ScanCode {
  readonly dtype: Number;
  readonly shape: readonly number[];
  readonly sides: readonly { readonly start: number; readonly strides: readonly number[]; readonly step: number }[];
  readonly length: number;
}

/**
 * Lowers running sums. The axis is walked in order; neighbouring columns are summed in vectors, which changes
 * no bit of a sum.
 */
export function lowerScan(lowering: Lowering, kernel: ScanKernel, index: number): boolean {
  const [{ value }] = kernel.outputs;
  if (value.size === 0) return true;
  const code = scanOf(lowering, kernel);
  const { shape, sides } = code;
  const isFlat = shape.length === 1;
  const perItem = isFlat ? Math.min(shape[0], columnsPerItem) : 1;
  const workItems = Math.ceil(shape[0] / perItem);
  const cost = (value.size / workItems) * (isSideBySide(code) ? 0.5 : 1.2);
  lowerWorkItems(lowering, { kernel: index, name: "scan", workItems, cost }, (fn, workItem) => {
    const locals = sides.map(({ start, strides }) => {
      const local = fn.local("i32");
      setScaled(fn, local, start, workItem, perItem * strides[0]);
      return local;
    });
    if (!isFlat) emitColumns(fn, code, shape.slice(1), locals);
    else forWorkItemSize(fn, workItem, { size: shape[0], perItem }, (count) => emitColumns(fn, code, [count], locals));
  });
  return true;
}

function scanOf(lowering: Lowering, kernel: ScanKernel): ScanCode {
  const [view] = operandViews(kernel);
  const [{ value, buffer }] = kernel.outputs;
  const { axis, reverse } = kernel.equations[0].params as CumsumParams;
  const out = wholeView(buffer, value.shape);
  const others = <T>(values: readonly T[]): T[] => values.filter((_, i) => i !== axis);
  const bytes = bytesPerElement(buffer.dtype);
  const { shape, strides } = collapse(
    others(view.shape),
    [view, out].map((side) => others(side.strides)),
  );
  const length = value.shape[axis];
  const sides = [view, out].map((side, i) => {
    const step = side.strides[axis] * bytes;
    return {
      start: lowering.startOf(side) + (reverse ? (length - 1) * step : 0),
      strides: strides[i].map((stride) => stride * bytes),
      step: reverse ? -step : step,
    };
  });
  return { dtype: buffer.dtype as Number, shape, sides, length };
}

const isSideBySide = ({ sides, dtype }: ScanCode): boolean =>
  sides.every(({ strides }) => strides[strides.length - 1] === bytesPerElement(dtype));

/** Sums along all columns of the last axes: in groups of vectors that fill a cache line, in vectors, and one by one. */
function emitColumns(fn: FunctionBuilder, code: ScanCode, shape: readonly number[], locals: readonly number[]): void {
  const { dtype, sides } = code;
  const last = shape.length - 1;
  const bytes = bytesPerElement(dtype);
  const widths = isSideBySide(code) ? [groupBytes / bytes, laneCounts[dtype], 1] : [1];
  let done = 0;
  for (const width of widths) {
    const count = Math.floor((shape[last] - done) / width);
    if (count === 0) continue;
    const own = locals.map((_, i) => sides[i].strides.slice(-shape.length));
    const skip = (columns: number): void =>
      locals.forEach((local, i) => {
        fn.addTo(local, columns * own[i][last]);
      });
    const walkers = locals.map((local, i) => ({ local, strides: [...own[i].slice(0, -1), own[i][last] * width] }));
    if (done > 0) skip(done);
    walk(fn, [...shape.slice(0, -1), count], walkers, () => emitSums(fn, code, width, locals));
    if (done > 0) skip(-done);
    done += count * width;
  }
}

/** Some columns side by side. */
function emitSums(
  fn: FunctionBuilder,
  { length, sides, dtype }: ScanCode,
  width: number,
  locals: readonly number[],
): void {
  const running = runningSum(dtype, width > 1);
  const laneCount = width === 1 ? 1 : laneCounts[dtype];
  const zero = (): number => {
    const local = fn.local("v128");
    fn.v128(new Uint8Array(16));
    fn.set(local);
    return local;
  };
  const sums = Array.from({ length: width / laneCount }, (): Sum => ({ total: zero(), lost: zero(), part: zero() }));
  const steps = fn.local("i32");
  fn.i32(0);
  fn.set(steps);
  const walkers = locals.map((local, i): Walker => ({ local, strides: [sides[i].step] }));
  const offset = (i: number): number => i * laneCount * bytesPerElement(dtype);
  walk(fn, [length], walkers, () => {
    sums.forEach((sum, i) => {
      running.add(fn, sum, locals[0], offset(i));
    });
    sums.forEach((sum, i) => {
      running.store(fn, sum, locals[1], offset(i));
    });
    if (length > sumBlock) emitEndOfBlock(fn, running, sums, steps);
  });
  for (const sum of sums) for (const local of Object.values(sum)) fn.release(local);
  fn.release(steps);
}

/** Every few steps. */
function emitEndOfBlock(fn: FunctionBuilder, running: Running, sums: readonly Sum[], steps: number): void {
  if (!running.endBlock) return;
  fn.addTo(steps, 1);
  fn.get(steps);
  fn.i32(sumBlock);
  fn.op(i32.remU);
  fn.op(i32.eqz);
  fn.if(() => {
    for (const sum of sums) running.endBlock!(fn, sum);
  });
}
