import { allocate, type DType } from "../array/dtype.ts";
import { ShapeError } from "../array/errors.ts";
import { denseLayout, type Layout, reshapeLayout, sliceLayout } from "../array/layout.ts";
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
export const iota: Primitive<IotaParams, 0, "move"> = {
  name: "iota",
  arity: 0,
  role: "move",
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

/** The parts that view primitives differ in: the shape of the result, and its layout in the buffer of the operand. */
interface ViewBody<P> {
  shape(shape: Shape, params: P): Shape;
  view(layout: Layout, params: P, shape: Shape): Layout;
}

/** A primitive that shows its operand in another layout: its reference evaluation copies the elements of that layout. */
const viewPrimitive = <P extends object>(name: string, { shape, view }: ViewBody<P>): Primitive<P, 1, "view"> => ({
  name,
  arity: 1,
  role: "view",
  type: ([x], params) => retyped(x!, shape(x!.shape, params)),
  view,
  eval([x], params, type) {
    const out = allocate(x!.dtype, sizeOf(type.shape));
    copyStrided(out, x!.buffer, view(denseLayout(x!.shape), params, type.shape));
    return out;
  },
});

/** Repeats along new leading axes and along axes of size 1. */
export const broadcastTo = viewPrimitive<ShapeParams>("broadcastTo", {
  shape(own, { shape }) {
    const added = shape.length - own.length;
    if (added < 0 || own.some((n, axis) => n !== 1 && n !== shape[axis + added])) {
      throw new ShapeError(
        `broadcastTo: ${formatShape(own)} does not broadcast to ${formatShape(shape)}; axes are aligned at the last one`,
      );
    }
    return shape;
  },
  view(layout, { shape }) {
    const added = shape.length - layout.shape.length;
    const strides = shape.map((n, axis) =>
      axis < added || (layout.shape[axis - added] === 1 && n !== 1) ? 0 : layout.strides[axis - added]!,
    );
    return { ...layout, shape, strides };
  },
});

/** The same elements in row-major order under another shape. */
export const reshape: Primitive<ShapeParams, 1, "view"> = {
  name: "reshape",
  arity: 1,
  role: "view",
  type([x], { shape }) {
    if (sizeOf(shape) !== sizeOf(x!.shape)) {
      throw new ShapeError(
        `reshape: sizes must agree, got ${formatShape(x!.shape)} (${sizeOf(x!.shape)}) to ${formatShape(shape)} (${sizeOf(shape)})`,
      );
    }
    return retyped(x!, shape);
  },
  view: (layout, { shape }) => reshapeLayout(layout, shape),
  eval: ([x]) => x!.buffer,
};

/** Parameters of `transpose`: axis i of the result is axis `permutation[i]` of x. */
export interface TransposeParams {
  readonly permutation: readonly number[];
}

/** Permutes the axes. */
export const transpose = viewPrimitive<TransposeParams>("transpose", {
  shape(own, { permutation }) {
    const sorted = [...permutation].sort((a, b) => a - b);
    if (sorted.length !== own.length || sorted.some((axis, i) => axis !== i)) {
      throw new ShapeError(
        `transpose: ${formatShape(permutation)} is not a permutation of the axes of ${formatShape(own)}`,
      );
    }
    return permutation.map((axis) => own[axis]!);
  },
  view: (layout, { permutation }, shape) => ({
    ...layout,
    shape,
    strides: permutation.map((axis) => layout.strides[axis]!),
  }),
});

/** Parameters of `slice`: indices start, start + step … below stop, one entry per axis, step ≥ 1. */
export interface SliceParams {
  readonly start: readonly number[];
  readonly stop: readonly number[];
  readonly step: readonly number[];
}

/** A regular part of every axis. */
export const slice = viewPrimitive<SliceParams>("slice", {
  shape(own, { start, stop, step }) {
    const bad = own.findIndex(
      (n, axis) => !(start[axis]! >= 0 && stop[axis]! >= start[axis]! && stop[axis]! <= n && step[axis]! >= 1),
    );
    if (bad >= 0 || start.length !== own.length) {
      throw new ShapeError(
        `slice: [${start[bad]}, ${stop[bad]}) with step ${step[bad]} is out of range at axis ${bad} of ${formatShape(own)}`,
      );
    }
    return own.map((_, axis) => Math.ceil((stop[axis]! - start[axis]!) / step[axis]!));
  },
  view: (layout, { start, step }, shape) => sliceLayout(layout, start, step, shape),
});

/** Parameters of `flip`. */
export interface FlipParams {
  readonly axes: readonly number[];
}

/** Reverses the order along some axes. */
export const flip = viewPrimitive<FlipParams>("flip", {
  shape: (own) => own,
  view: (layout, { axes }) => ({
    ...layout,
    strides: layout.strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
    offset:
      layout.offset + axes.reduce((sum, axis) => sum + Math.max(0, layout.shape[axis]! - 1) * layout.strides[axis]!, 0),
  }),
});

/** Parameters of `pad`, one entry per axis: zeros before, after, and between neighbours. */
export interface PadParams {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly interior: readonly number[];
}

/** Surrounds with zeros: the transpose of slice. */
export const pad: Primitive<PadParams, 1, "move"> = {
  name: "pad",
  arity: 1,
  role: "move",
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
export const concat: Primitive<ConcatParams, "n", "move"> = {
  name: "concat",
  arity: "n",
  role: "move",
  type(operands, { axis }) {
    const first = operands[0];
    if (!first) throw new ShapeError("concat: needs at least one operand, got none");
    normalizeAxis("concat", axis, first.shape);
    for (const x of operands) {
      const fits = x.shape.length === first.shape.length && x.shape.every((n, i) => i === axis || n === first.shape[i]);
      if (!fits) {
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
