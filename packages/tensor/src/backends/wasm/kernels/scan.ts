import type { ScanKernel } from "../../../compiler/plan.ts";
import { collapse, wholeView } from "../../../compiler/view.ts";
import { bytesPerElement, type DType } from "../../../dtype.ts";
import type { CumsumParams } from "../../../primitives/reduction.ts";
import { type FunctionBuilder, f32, f32x4, f64, f64x2, i32, i32x4, type ValueType } from "../assembler/index.ts";
import { type LaneCount, loadVector, storeVector } from "../vector/index.ts";
import type { Lowering } from "./launch.ts";
import { operandViews } from "./operand.ts";
import { setScaled } from "./pack.ts";
import { forUnitSize, lowerUnits, type Walker, walk } from "./units.ts";

/** Columns of one unit where all of them lie in one row. */
const unitColumns = 64;

/** Columns that are summed at a time: no line of the first cache is fetched twice. */
const groupBytes = 64;

/** A running sum as the reference keeps it: of float32 numbers in float64, rounded where it is written. */
interface Running {
  readonly type: ValueType;
  /** Pushes the next elements, widened. */
  load(fn: FunctionBuilder, address: number, offset: number): void;
  /** What adds them to the sum in a local. */
  readonly add: number;
  store(fn: FunctionBuilder, address: number, offset: number, sum: number): void;
}

type Number = Exclude<DType, "bool">;

const scalarSums: Readonly<Record<Number, Running>> = {
  float64: scalarSum("f64", f64.add, [f64.load], [f64.store]),
  float32: scalarSum("f64", f64.add, [f32.load, f64.promoteF32], [f32.store, f32.demoteF64]),
  int32: scalarSum("i32", i32.add, [i32.load], [i32.store]),
};

function scalarSum(
  type: ValueType,
  add: number,
  [load, widen]: readonly number[],
  [store, narrow]: readonly number[],
): Running {
  return {
    type,
    add,
    load(fn, address, offset) {
      fn.get(address);
      fn.memory(load, offset);
      if (widen !== undefined) fn.op(widen);
    },
    store(fn, address, offset, sum) {
      fn.get(address);
      fn.get(sum);
      if (narrow !== undefined) fn.op(narrow);
      fn.memory(store, offset);
    },
  };
}

/** Columns side by side: two, or four of int32. */
const laneCounts: Readonly<Record<Number, LaneCount>> = { float64: 2, float32: 2, int32: 4 };

function vectorSum(dtype: Number): Running {
  const lanes = laneCounts[dtype];
  return {
    type: "v128",
    add: dtype === "int32" ? i32x4.add : f64x2.add,
    load(fn, address, offset) {
      loadVector(fn, { dtype, lanes, address, offset });
      if (dtype === "float32") fn.op(f64x2.promoteLowF32x4);
    },
    store(fn, address, offset, sum) {
      if (dtype !== "float32") {
        storeVector(fn, { dtype, lanes, address, offset }, sum);
        return;
      }
      const narrow = fn.local("v128");
      fn.get(sum);
      fn.op(f32x4.demoteF64x2Zero);
      fn.set(narrow);
      storeVector(fn, { dtype, lanes, address, offset }, narrow);
      fn.release(narrow);
    },
  };
}

/** What the code is made of: the axes besides the one that is summed along, and steps along it; all in bytes. */
interface ScanCode {
  readonly dtype: Number;
  readonly shape: readonly number[];
  readonly sides: readonly { readonly start: number; readonly strides: readonly number[]; readonly step: number }[];
  readonly length: number;
}

/**
 * Lowers running sums. The axis is walked in order; columns that lie side by side are summed in vectors, which changes no bit
 * of any of them.
 */
export function lowerScan(lowering: Lowering, kernel: ScanKernel, index: number): boolean {
  const [{ value }] = kernel.outputs;
  if (value.size === 0) return true;
  const code = scanOf(lowering, kernel);
  const { shape, sides } = code;
  const isFlat = shape.length === 1;
  const perUnit = isFlat ? Math.min(shape[0], unitColumns) : 1;
  const units = Math.ceil(shape[0] / perUnit);
  const cost = (value.size / units) * (isSideBySide(code) ? 0.5 : 1.2);
  lowerUnits(lowering, { kernel: index, name: "scan", units, cost }, (fn, unit) => {
    const locals = sides.map(({ start, strides }) => {
      const local = fn.local("i32");
      setScaled(fn, local, start, unit, perUnit * strides[0]);
      return local;
    });
    if (!isFlat) emitColumns(fn, code, shape.slice(1), locals);
    else forUnitSize(fn, unit, { size: shape[0], perUnit }, (count) => emitColumns(fn, code, [count], locals));
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
  const running = width === 1 ? scalarSums[dtype] : vectorSum(dtype);
  const lanes = width === 1 ? 1 : laneCounts[dtype];
  const sums = Array.from({ length: width / lanes }, () => fn.local(running.type));
  for (const sum of sums) {
    if (running.type === "v128") fn.v128(new Uint8Array(16));
    else if (running.type === "f64") fn.f64(0);
    else fn.i32(0);
    fn.set(sum);
  }
  const walkers = locals.map((local, i): Walker => ({ local, strides: [sides[i].step] }));
  const offset = (i: number): number => i * lanes * bytesPerElement(dtype);
  walk(fn, [length], walkers, () => {
    sums.forEach((sum, i) => {
      fn.get(sum);
      running.load(fn, locals[0], offset(i));
      fn.op(running.add);
      fn.set(sum);
    });
    sums.forEach((sum, i) => {
      running.store(fn, locals[1], offset(i), sum);
    });
  });
  for (const sum of sums) fn.release(sum);
}
