import { allocate, type DType } from "../array/dtype.ts";
import { ShapeError } from "../array/errors.ts";
import { formatShape, normalizeAxis, type Shape, sizeOf, stridesOf } from "../array/shape.ts";
import type { TensorType } from "../array/tensorType.ts";
import { allWeak, type Primitive } from "./primitive.ts";
import { copyStrided } from "./strided.ts";

/** Parameters of `iota`. */
export interface IotaParams {
  readonly shape: Shape;
  readonly axis: number;
  readonly dtype: DType;
}

/** The index along one axis, as values. */
export const iota: Primitive<IotaParams, 0> = {
  name: "iota",
  arity: 0,
  type: (_, { shape, dtype }) => ({ shape, dtype, weak: false }),
  eval(_, { shape, axis, dtype }) {
    const out = allocate(dtype, sizeOf(shape));
    const inner = sizeOf(shape.slice(axis + 1));
    const n = shape[axis]!;
    for (let i = 0; i < out.length; i++) out[i] = Math.floor(i / inner) % n;
    return out;
  },
};

/** Parameters of `broadcastTo` and `reshape`. */
export interface ShapeParams {
  readonly shape: Shape;
}

const retyped = (x: TensorType, shape: Shape): TensorType => ({ shape, dtype: x.dtype, weak: x.weak });

/** Repeats along new leading axes and along axes of size 1. */
export const broadcastTo: Primitive<ShapeParams, 1> = {
  name: "broadcastTo",
  arity: 1,
  type([x], { shape }) {
    const offset = shape.length - x!.shape.length;
    if (offset < 0 || x!.shape.some((n, axis) => n !== 1 && n !== shape[axis + offset])) {
      throw new ShapeError(
        `broadcastTo: ${formatShape(x!.shape)} does not broadcast to ${formatShape(shape)}; axes are aligned at the last one`,
      );
    }
    return retyped(x!, shape);
  },
  eval([x], { shape }) {
    const out = allocate(x!.dtype, sizeOf(shape));
    if (x!.buffer.length === 1) return out.fill(x!.buffer[0]!);
    const own = stridesOf(x!.shape);
    const offset = shape.length - x!.shape.length;
    const strides = shape.map((_, axis) => (axis < offset || x!.shape[axis - offset] === 1 ? 0 : own[axis - offset]!));
    copyStrided(out, x!.buffer, shape, strides);
    return out;
  },
};

/** The same elements in row-major order under another shape. */
export const reshape: Primitive<ShapeParams, 1> = {
  name: "reshape",
  arity: 1,
  type([x], { shape }) {
    if (sizeOf(shape) !== sizeOf(x!.shape)) {
      throw new ShapeError(
        `reshape: sizes must agree, got ${formatShape(x!.shape)} (${sizeOf(x!.shape)}) to ${formatShape(shape)} (${sizeOf(shape)})`,
      );
    }
    return retyped(x!, shape);
  },
  eval: ([x]) => x!.buffer,
};

/** Parameters of `transpose`: axis i of the result is axis `permutation[i]` of x. */
export interface TransposeParams {
  readonly permutation: readonly number[];
}

/** Permutes the axes. */
export const transpose: Primitive<TransposeParams, 1> = {
  name: "transpose",
  arity: 1,
  type([x], { permutation }) {
    const sorted = [...permutation].sort((a, b) => a - b);
    if (sorted.length !== x!.shape.length || sorted.some((axis, i) => axis !== i)) {
      throw new ShapeError(
        `transpose: ${formatShape(permutation)} is not a permutation of the axes of ${formatShape(x!.shape)}`,
      );
    }
    return retyped(
      x!,
      permutation.map((axis) => x!.shape[axis]!),
    );
  },
  eval([x], { permutation }, type) {
    const out = allocate(x!.dtype, x!.buffer.length);
    const own = stridesOf(x!.shape);
    copyStrided(
      out,
      x!.buffer,
      type.shape,
      permutation.map((axis) => own[axis]!),
    );
    return out;
  },
};

/** Parameters of `slice`: indices start, start + step … below stop, one entry an axis, step ≥ 1. */
export interface SliceParams {
  readonly start: readonly number[];
  readonly stop: readonly number[];
  readonly step: readonly number[];
}

/** A regular part of every axis. */
export const slice: Primitive<SliceParams, 1> = {
  name: "slice",
  arity: 1,
  type([x], { start, stop, step }) {
    const bad = x!.shape.findIndex(
      (n, axis) => !(start[axis]! >= 0 && stop[axis]! >= start[axis]! && stop[axis]! <= n && step[axis]! >= 1),
    );
    if (bad >= 0 || start.length !== x!.shape.length) {
      throw new ShapeError(
        `slice: [${start[bad]}, ${stop[bad]}) with step ${step[bad]} is out of range at axis ${bad} of ${formatShape(x!.shape)}`,
      );
    }
    return retyped(
      x!,
      x!.shape.map((_, axis) => Math.ceil((stop[axis]! - start[axis]!) / step[axis]!)),
    );
  },
  eval([x], { start, step }, type) {
    const out = allocate(x!.dtype, sizeOf(type.shape));
    const own = stridesOf(x!.shape);
    const offset = start.reduce((sum, from, axis) => sum + from * own[axis]!, 0);
    copyStrided(
      out,
      x!.buffer,
      type.shape,
      own.map((stride, axis) => stride * step[axis]!),
      offset,
    );
    return out;
  },
};

/** Parameters of `pad`, one entry an axis: zeros before, after, and between neighbours. */
export interface PadParams {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly interior: readonly number[];
}

/** Surrounds with zeros: the transpose of slice. */
export const pad: Primitive<PadParams, 1> = {
  name: "pad",
  arity: 1,
  type([x], { low, high, interior }) {
    const isWidth = (n: number): boolean => Number.isInteger(n) && n >= 0;
    const bad = x!.shape.findIndex((_, axis) => ![low[axis], high[axis], interior[axis]].every(isWidth));
    if (bad >= 0 || low.length !== x!.shape.length) {
      throw new ShapeError(
        `pad: widths must be whole numbers ≥ 0 for every axis of ${formatShape(x!.shape)}, got low ${formatShape(low)}, high ${formatShape(high)}`,
      );
    }
    return retyped(
      x!,
      x!.shape.map((n, axis) => low[axis]! + high[axis]! + n + Math.max(0, n - 1) * interior[axis]!),
    );
  },
  eval([x], { low, interior }, type) {
    const out = allocate(x!.dtype, sizeOf(type.shape));
    const steps = stridesOf(type.shape).map((stride, axis) => stride * (interior[axis]! + 1));
    const offset = low.reduce((sum, n, axis) => sum + n * stridesOf(type.shape)[axis]!, 0);
    scatterStrided(out, x!.buffer, x!.shape, steps, offset);
    return out;
  },
};

/** Writes row-major elements to strided places. */
function scatterStrided(
  out: Parameters<typeof copyStrided>[0],
  source: typeof out,
  shape: Shape,
  strides: readonly number[],
  offset: number,
): void {
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0, to = offset; i < source.length; i++) {
    out[to] = source[i]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      to += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      to -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}

/** Parameters of `concat`. */
export interface ConcatParams {
  readonly axis: number;
}

/** Joins along one axis. */
export const concat: Primitive<ConcatParams, "n"> = {
  name: "concat",
  arity: "n",
  type(operands, { axis }) {
    const first = operands[0];
    if (!first) throw new ShapeError("concat: needs at least one operand, got none");
    normalizeAxis("concat", axis, first.shape);
    for (const x of operands) {
      const isAlike =
        x.shape.length === first.shape.length && x.shape.every((n, i) => i === axis || n === first.shape[i]);
      if (!isAlike) {
        throw new ShapeError(
          `concat: shapes must agree except at axis ${axis}, got ${formatShape(first.shape)} and ${formatShape(x.shape)}`,
        );
      }
    }
    const total = operands.reduce((sum, x) => sum + x.shape[axis]!, 0);
    return { shape: first.shape.map((n, i) => (i === axis ? total : n)), dtype: first.dtype, weak: allWeak(operands) };
  },
  eval(operands, { axis }, type) {
    const out = allocate(type.dtype, sizeOf(type.shape));
    const outer = sizeOf(type.shape.slice(0, axis));
    const row = sizeOf(type.shape.slice(axis));
    let at = 0;
    for (const x of operands) {
      const length = sizeOf(x.shape.slice(axis));
      for (let i = 0; i < outer; i++) out.set(x.buffer.subarray(i * length, (i + 1) * length), i * row + at);
      at += length;
    }
    return out;
  },
};

/** Parameters of `flip`. */
export interface FlipParams {
  readonly axes: readonly number[];
}

/** Reverses the order along some axes. */
export const flip: Primitive<FlipParams, 1> = {
  name: "flip",
  arity: 1,
  type: ([x]) => retyped(x!, x!.shape),
  eval([x], { axes }) {
    const out = allocate(x!.dtype, x!.buffer.length);
    const own = stridesOf(x!.shape);
    const offset = axes.reduce((sum, axis) => sum + Math.max(0, x!.shape[axis]! - 1) * own[axis]!, 0);
    copyStrided(
      out,
      x!.buffer,
      x!.shape,
      own.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
      offset,
    );
    return out;
  },
};
