import { allocate, type DType, type TypedArray } from "../array/dtype.ts";
import { ShapeError } from "../array/errors.ts";
import { formatShape, type Shape, sameShape, sizeOf } from "../array/shape.ts";
import type { TensorType } from "../array/tensorType.ts";
import { corrected, sumError } from "../scalar/sumError.ts";
import { checkDomain } from "./elementwise.ts";
import type { Primitive } from "./primitive.ts";

/** Parameters of `gather`: how many leading axes x and indices share. */
export interface GatherParams {
  readonly batchAxes: number;
}

/** Sizes of the groups of axes of x [...B, n, ...R] and indices [...B, ...K]. */
interface Groups {
  readonly batch: Shape;
  readonly n: number;
  readonly rest: Shape;
  readonly picks: Shape;
}

function groupsOf(operation: string, x: Shape, indices: TensorType, batchAxes: number): Groups {
  checkDomain(operation, "int", indices.dtype);
  const batch = x.slice(0, batchAxes);
  if (x.length <= batchAxes || !sameShape(batch, indices.shape.slice(0, batchAxes))) {
    throw new ShapeError(
      `${operation}: the first ${batchAxes} axes must agree and one more must follow, got ${formatShape(x)} and indices ${formatShape(indices.shape)}`,
    );
  }
  return { batch, n: x[batchAxes]!, rest: x.slice(batchAxes + 1), picks: indices.shape.slice(batchAxes) };
}

const clamp = (index: number, n: number): number => (index < 0 ? 0 : index >= n ? n - 1 : index);

/** x [...B, n, ...R], indices [...B, ...K] → [...B, ...K, ...R]; indices outside [0, n) are clamped. */
export const gather: Primitive<GatherParams, 2, "move"> = {
  name: "gather",
  arity: 2,
  role: "move",
  type([x, indices], { batchAxes }) {
    const { batch, rest, picks, n } = groupsOf("gather", x!.shape, indices!, batchAxes);
    if (n === 0 && sizeOf(picks) > 0)
      throw new ShapeError(`gather: cannot pick from an empty axis, got ${formatShape(x!.shape)}`);
    return { shape: [...batch, ...picks, ...rest], dtype: x!.dtype, weak: x!.weak };
  },
  eval([x, indices], { batchAxes }, type) {
    const { batch, n, rest, picks } = groupsOf("gather", x!.shape, indices!, batchAxes);
    const out = allocate(x!.dtype, sizeOf(type.shape));
    const [row, count] = [sizeOf(rest), sizeOf(picks)];
    for (let b = 0, to = 0; b < sizeOf(batch); b++) {
      for (let k = 0; k < count; k++, to += row) {
        const from = (b * n + clamp(indices!.buffer[b * count + k]!, n)) * row;
        for (let r = 0; r < row; r++) out[to + r] = x!.buffer[from + r]!;
      }
    }
    return out;
  },
};

/** Parameters of `scatterAdd`: shared leading axes, and the size of the axis that is written to. */
export interface ScatterAddParams {
  readonly batchAxes: number;
  readonly size: number;
}

/** updates [...B, ...K, ...R], indices [...B, ...K] → [...B, size, ...R], added in index order: the transpose of gather. */
export const scatterAdd: Primitive<ScatterAddParams, 2, "move"> = {
  name: "scatterAdd",
  arity: 2,
  role: "move",
  type([updates, indices], { batchAxes, size }) {
    checkDomain("scatterAdd", "int", indices!.dtype);
    checkDomain("scatterAdd", "number", updates!.dtype);
    const rank = indices!.shape.length;
    if (!sameShape(updates!.shape.slice(0, rank), indices!.shape)) {
      throw new ShapeError(
        `scatterAdd: updates must start with the shape of indices, got ${formatShape(updates!.shape)} and ${formatShape(indices!.shape)}`,
      );
    }
    const shape = [...updates!.shape.slice(0, batchAxes), size, ...updates!.shape.slice(rank)];
    return { shape, dtype: updates!.dtype, weak: updates!.weak };
  },
  eval([updates, indices], { batchAxes, size }, type) {
    const out = allocate(type.dtype, sizeOf(type.shape));
    const row = sizeOf(type.shape.slice(batchAxes + 1));
    const batch = sizeOf(type.shape.slice(0, batchAxes));
    const count = sizeOf(indices!.shape.slice(batchAxes));
    if (size === 0) return out;
    const add = adders[type.dtype as Exclude<DType, "bool">](out);
    for (let b = 0, from = 0; b < batch; b++) {
      for (let k = 0; k < count; k++, from += row) {
        const to = (b * size + clamp(indices!.buffer[b * count + k]!, size)) * row;
        add.row(updates!.buffer, { from, to, row });
      }
    }
    add.finish();
    return out;
  },
};

/** Adds rows to places of a result; a place may get any number of rows. */
interface RowAdder {
  row(x: TypedArray, at: { readonly from: number; readonly to: number; readonly row: number }): void;
  /** Writes the sums. */
  finish(): void;
}

/** Sums float32 numbers in float64, and float64 numbers with their rounding errors. */
const adders: Readonly<Record<Exclude<DType, "bool">, (out: TypedArray) => RowAdder>> = {
  float64(out) {
    const lost = new Float64Array(out.length);
    return {
      row(x, { from, to, row }) {
        for (let r = 0; r < row; r++) {
          const [total, term] = [out[to + r]!, x[from + r]!];
          const sum = total + term;
          lost[to + r]! += sumError(total, term, sum);
          out[to + r] = sum;
        }
      },
      finish() {
        for (let i = 0; i < out.length; i++) out[i] = corrected(out[i]!, lost[i]!);
      },
    };
  },
  float32(out) {
    const totals = new Float64Array(out.length);
    return {
      row(x, { from, to, row }) {
        for (let r = 0; r < row; r++) totals[to + r]! += x[from + r]!;
      },
      finish: () => out.set(totals),
    };
  },
  int32: (out) => ({
    row(x, { from, to, row }) {
      for (let r = 0; r < row; r++) out[to + r]! += x[from + r]!;
    },
    finish() {},
  }),
};

/** Parameters of `argsort`. */
export interface AxisParams {
  readonly axis: number;
}

/** The order that sorts along an axis, int32: stable, NaN last. */
export const argsort: Primitive<AxisParams, 1, "move"> = {
  name: "argsort",
  arity: 1,
  role: "move",
  type: ([x]) => ({ shape: x!.shape, dtype: "int32", weak: false }),
  eval([x], { axis }) {
    const n = x!.shape[axis]!;
    const inner = sizeOf(x!.shape.slice(axis + 1));
    const out = new Int32Array(x!.buffer.length);
    const order = new Int32Array(n);
    for (let block = 0; block < out.length; block += n * inner) {
      for (let i = block; i < block + inner; i++) {
        for (let k = 0; k < n; k++) order[k] = k;
        const value = (k: number): number => x!.buffer[i + k * inner]!;
        order.sort((a, b) => compareNanLast(value(a), value(b)) || a - b);
        for (let k = 0; k < n; k++) out[i + k * inner] = order[k]!;
      }
    }
    return out;
  },
};

function compareNanLast(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}
