import { allocate, type TypedArray } from "../array/dtype.ts";
import { ShapeError } from "../array/errors.ts";
import { formatShape, sameShape, sizeOf } from "../array/shape.ts";
import { corrected, sumError } from "../scalar/sumError.ts";
import { checkDomain, dtypeMismatch } from "./elementwise.ts";
import { allWeak, type NoParams, type Primitive } from "./primitive.ts";

/** out [m, n] = x [m, k] × y [k, n]; float dtypes. */
export type Multiply = (out: TypedArray, x: TypedArray, y: TypedArray, m: number, k: number, n: number) => void;

/** The evaluation of `matmul` by a product of two matrices; that of int32 wraps. */
export const eachMatrix =
  (multiply: Multiply): Primitive["eval"] =>
  ([x, y], _, type) => {
    const [m, k] = x!.shape.slice(-2) as [number, number];
    const n = y!.shape[y!.shape.length - 1]!;
    const out = allocate(type.dtype, sizeOf(type.shape));
    const multiplyOne = type.dtype === "int32" ? multiplyInt32 : multiply;
    for (let b = 0; b < sizeOf(type.shape.slice(0, -2)); b++) {
      multiplyOne(
        out.subarray(b * m * n, (b + 1) * m * n),
        x!.buffer.subarray(b * m * k, (b + 1) * m * k),
        y!.buffer.subarray(b * k * n, (b + 1) * k * n),
        m,
        k,
        n,
      );
    }
    return out;
  };

/** Matrix product [...B, m, k] × [...B, k, n] → [...B, m, n]. */
export const matmul: Primitive<NoParams, 2, "contract"> = {
  name: "matmul",
  arity: 2,
  role: "contract",
  type(operands) {
    const [x, y] = operands as [(typeof operands)[0], (typeof operands)[0]];
    if (x.dtype !== y.dtype) throw dtypeMismatch("matmul", x.dtype, y.dtype);
    checkDomain("matmul", "number", x.dtype);
    const rank = x.shape.length;
    if (rank < 2 || rank !== y.shape.length || !sameShape(x.shape.slice(0, -2), y.shape.slice(0, -2))) {
      throw new ShapeError(
        `matmul: needs [...B, m, k] × [...B, k, n], got ${formatShape(x.shape)} × ${formatShape(y.shape)}`,
      );
    }
    const [k, rows] = [x.shape[rank - 1]!, y.shape[rank - 2]!];
    if (k !== rows) {
      const hint = k === y.shape[rank - 1] ? "; did you mean transpose(b)?" : "";
      throw new ShapeError(
        `matmul: inner sizes must agree, got ${formatShape(x.shape)} × ${formatShape(y.shape)}${hint}`,
      );
    }
    return { shape: [...x.shape.slice(0, -1), y.shape[rank - 1]!], dtype: x.dtype, weak: allWeak(operands) };
  },
  eval: eachMatrix(multiply),
};

function multiplyInt32(out: TypedArray, x: TypedArray, y: TypedArray, m: number, k: number, n: number): void {
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      for (let j = 0; j < n; j++) out[i * n + j]! += Math.imul(x[i * k + p]!, y[p * n + j]!);
    }
  }
}

/**
 * Terms of float64 that are added one after another before their sum is added to the total. Terms of float32 are products that are
 * exact in float64, where the sum of all k rounds by less than k·2⁻⁵³·Σ|terms|: they are one block.
 */
export const productBlock = (x: TypedArray, k: number): number => (x instanceof Float64Array ? 32 : k);

/** Sums run in order of k in float64, block by block. */
export function multiply(out: TypedArray, x: TypedArray, y: TypedArray, m: number, k: number, n: number): void {
  const block = productBlock(x, k);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let [total, lost] = [0, 0];
      for (let from = 0; from < k; from += block) {
        let part = 0;
        for (let p = from; p < Math.min(from + block, k); p++) part += x[i * k + p]! * y[p * n + j]!;
        const sum = total + part;
        lost += sumError(total, part, sum);
        total = sum;
      }
      out[i * n + j] = corrected(total, lost);
    }
  }
}
