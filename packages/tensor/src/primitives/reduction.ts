import { allocate, type DType, type TypedArray } from "../array/dtype.ts";
import { ShapeError } from "../array/errors.ts";
import { formatShape, type Shape, sizeOf, stridesOf } from "../array/shape.ts";
import type { DenseTensor } from "../array/tensor.ts";
import type { TensorType } from "../array/tensorType.ts";
import { corrected, sumBlock, sumError } from "../scalar/sumError.ts";
import { checkDomain } from "./elementwise.ts";
import type { AxisParams } from "./indexing.ts";
import type { Primitive } from "./primitive.ts";
import { copyStrided } from "./strided.ts";

/** Parameters of reductions: sorted axes that disappear. */
export interface ReduceParams {
  readonly axes: readonly number[];
}

/** The elements as [outer, n, inner], where the middle one is reduced; scattered axes are moved together first. */
interface Reduced {
  readonly buffer: TypedArray;
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
}

function arrange({ buffer, shape, dtype }: DenseTensor, axes: readonly number[]): Reduced {
  const n = sizeOf(axes.map((axis) => shape[axis]!));
  const first = axes[0] ?? shape.length;
  if (axes.every((axis, i) => axis === first + i)) {
    return { buffer, n, outer: sizeOf(shape.slice(0, first)), inner: sizeOf(shape.slice(first + axes.length)) };
  }
  const order = [...keptAxes(shape, axes), ...axes];
  const strides = stridesOf(shape);
  const moved = allocate(dtype, buffer.length);
  copyStrided(moved, buffer, {
    shape: order.map((axis) => shape[axis]!),
    strides: order.map((axis) => strides[axis]!),
    offset: 0,
  });
  return {
    buffer: moved,
    n,
    outer: n === 0 ? sizeOf(keptAxes(shape, axes).map((axis) => shape[axis]!)) : buffer.length / n,
    inner: 1,
  };
}

const keptAxes = (shape: Shape, axes: readonly number[]): number[] =>
  shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));

function reducedType(x: TensorType, axes: readonly number[]): TensorType {
  return { shape: keptAxes(x.shape, axes).map((axis) => x.shape[axis]!), dtype: x.dtype, weak: x.weak };
}

/** Combines element by element. */
function accumulate(
  { buffer, outer, n, inner }: Reduced,
  dtype: DType,
  start: number,
  combine: (sum: number, x: number) => number,
): TypedArray {
  const out = allocate(dtype, outer * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let sum = start;
      for (let k = 0, at = o * n * inner + i; k < n; k++, at += inner) sum = combine(sum, buffer[at]!);
      out[o * inner + i] = sum;
    }
  }
  return out;
}

/** Σ over some axes; 0 over an empty one, x itself over none. */
export const sum: Primitive<ReduceParams, 1, "reduce"> = {
  name: "sum",
  arity: 1,
  role: "reduce",
  type([x], { axes }) {
    checkDomain("sum", "number", x!.dtype);
    return reducedType(x!, axes);
  },
  eval([x], { axes }) {
    // 0 + (−0) would be 0, and over no axes the sum is its input.
    if (axes.length === 0) return x!.buffer;
    const reduced = arrange(x!, axes);
    const out = allocate(x!.dtype, reduced.outer * reduced.inner);
    if (x!.dtype === "int32") sumInt32(out, reduced);
    else if (reduced.inner === 1) sumRows(out, reduced);
    else sumColumns(out, reduced);
    return out;
  },
};

/** The sum of a block of elements, `step` apart: written out, since eager sums spend most of their time here. */
const blockSum = (x: TypedArray, at: number, step: number): number =>
  0 +
  x[at]! +
  x[at + step]! +
  x[at + 2 * step]! +
  x[at + 3 * step]! +
  x[at + 4 * step]! +
  x[at + 5 * step]! +
  x[at + 6 * step]! +
  x[at + 7 * step]!;

/** The sum of the elements that do not fill a block. */
function restSum(x: TypedArray, from: number, step: number, count: number): number {
  let sum = 0;
  for (let k = 0, at = from; k < count; k++, at += step) sum += x[at]!;
  return sum;
}

/** Sums where the elements of a sum are neighbours. */
function sumRows(out: TypedArray, { buffer, outer, n }: Reduced): void {
  const rest = n % sumBlock;
  for (let o = 0, at = 0; o < outer; o++) {
    let [total, lost] = [0, 0];
    for (const end = at + n - rest; at < end; at += sumBlock) {
      const part = blockSum(buffer, at, 1);
      const sum = total + part;
      lost += sumError(total, part, sum);
      total = sum;
    }
    const part = restSum(buffer, at, 1, rest);
    const sum = total + part;
    out[o] = corrected(sum, lost + sumError(total, part, sum));
    at += rest;
  }
}

/** Blocks of rows are added to a row of float64, which is rounded once at the end. */
function sumColumns(out: TypedArray, { buffer, outer, n, inner }: Reduced): void {
  const [totals, lost] = [new Float64Array(inner), new Float64Array(inner)];
  for (let o = 0; o < outer; o++) {
    totals.fill(0);
    lost.fill(0);
    for (let k = 0; k < n; k += sumBlock) {
      const first = (o * n + k) * inner;
      const count = Math.min(sumBlock, n - k);
      for (let i = 0; i < inner; i++) {
        const part = count === sumBlock ? blockSum(buffer, first + i, inner) : restSum(buffer, first + i, inner, count);
        const total = totals[i]!;
        const sum = total + part;
        lost[i]! += sumError(total, part, sum);
        totals[i] = sum;
      }
    }
    for (let i = 0; i < inner; i++) out[o * inner + i] = corrected(totals[i]!, lost[i]!);
  }
}

/** Wraps at every step: beyond 2^53 float64 would lose low bits of the result. */
function sumInt32(out: TypedArray, { buffer, outer, n, inner }: Reduced): void {
  for (let o = 0, at = 0; o < outer; o++) {
    for (let k = 0; k < n; k++) for (let i = 0; i < inner; i++, at++) out[o * inner + i]! += buffer[at]!;
  }
}

function extremum(name: "max" | "min", start: number): Primitive<ReduceParams, 1, "reduce"> {
  const combine = name === "max" ? Math.max : Math.min;
  return {
    name,
    arity: 1,
    role: "reduce",
    type([x], { axes }) {
      checkDomain(name, "number", x!.dtype);
      checkNotEmpty(name, x!.shape, axes);
      return reducedType(x!, axes);
    },
    eval: ([x], { axes }) => accumulate(arrange(x!, axes), x!.dtype, start, (a, b) => combine(a, b)),
  };
}

function checkNotEmpty(name: string, shape: Shape, axes: readonly number[]): void {
  const empty = axes.find((axis) => shape[axis] === 0);
  if (empty !== undefined)
    throw new ShapeError(`${name}: axis ${empty} of ${formatShape(shape)} is empty and has no ${name}`);
}

/** The largest over some axes, NaN if there is one. */
export const max = extremum("max", Number.NEGATIVE_INFINITY);

/** The smallest over some axes, NaN if there is one. */
export const min = extremum("min", Number.POSITIVE_INFINITY);

/** Index of the largest along one axis, int32: the first of equals, the first NaN if there is one. */
export const argmax: Primitive<AxisParams, 1, "reduce"> = {
  name: "argmax",
  arity: 1,
  role: "reduce",
  type([x], { axis }) {
    checkNotEmpty("argmax", x!.shape, [axis]);
    return { shape: reducedType(x!, [axis]).shape, dtype: "int32", weak: false };
  },
  eval([x], { axis }) {
    const { buffer, outer, n, inner } = arrange(x!, [axis]);
    const out = new Int32Array(outer * inner);
    for (let j = 0; j < out.length; j++) {
      const base = Math.floor(j / inner) * n * inner + (j % inner);
      let best = 0;
      for (let k = 1; k < n && !Number.isNaN(buffer[base + best * inner]!); k++) {
        const value = buffer[base + k * inner]!;
        if (value > buffer[base + best * inner]! || Number.isNaN(value)) best = k;
      }
      out[j] = best;
    }
    return out;
  },
};

/** n elements, `step` apart. */
interface Line {
  readonly from: number;
  readonly step: number;
  readonly n: number;
}

type RunningSum = (out: TypedArray, x: TypedArray, line: Line) => void;

const running: Readonly<Record<Exclude<DType, "bool">, RunningSum>> = {
  float64(out, x, { from, step, n }) {
    let [total, lost, part] = [0, 0, 0];
    for (let k = 1, at = from; k <= n; k++, at += step) {
      part += x[at]!;
      const sum = total + part;
      out[at] = corrected(sum, lost);
      if (k % sumBlock !== 0) continue;
      lost += sumError(total, part, sum);
      [total, part] = [sum, 0];
    }
  },
  float32(out, x, { from, step, n }) {
    let total = 0;
    for (let k = 0, at = from; k < n; k++, at += step) {
      total += x[at]!;
      out[at] = total;
    }
  },
  int32(out, x, { from, step, n }) {
    let total = 0;
    for (let k = 0, at = from; k < n; k++, at += step) {
      total = (total + x[at]!) | 0;
      out[at] = total;
    }
  },
};

/** Parameters of `cumsum`. */
export interface CumsumParams extends AxisParams {
  readonly reverse: boolean;
}

/**
 * Running sums along an axis, from the front or (reverse) from the back. float32 is summed in float64, float64 in blocks
 * with their rounding errors.
 */
export const cumsum: Primitive<CumsumParams, 1, "scan"> = {
  name: "cumsum",
  arity: 1,
  role: "scan",
  type([x]) {
    checkDomain("cumsum", "number", x!.dtype);
    return { shape: x!.shape, dtype: x!.dtype, weak: x!.weak };
  },
  eval([x], { axis, reverse }) {
    const { buffer, outer, n, inner } = arrange(x!, [axis]);
    const out = allocate(x!.dtype, buffer.length);
    const run = running[x!.dtype as Exclude<DType, "bool">];
    const step = reverse ? -inner : inner;
    for (let o = 0; o < outer; o++) {
      const first = (o * n + (reverse ? n - 1 : 0)) * inner;
      for (let i = 0; i < inner; i++) run(out, buffer, { from: first + i, step, n });
    }
    return out;
  },
};
