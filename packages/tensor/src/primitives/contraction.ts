import { allocate, type TypedArray } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import { formatShape, sameShape, sizeOf } from "../shape.ts";
import { checkDomain, dtypeMismatch } from "./elementwise.ts";
import { allWeak, type NoParams, type Primitive } from "./primitive.ts";

/** Matrix product [...B, m, k] × [...B, k, n] → [...B, m, n]. */
export const dot: Primitive<NoParams, 2> = {
  name: "dot",
  arity: 2,
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
  eval([x, y], _, type) {
    const [m, k] = x!.shape.slice(-2) as [number, number];
    const n = y!.shape[y!.shape.length - 1]!;
    const out = allocate(type.dtype, sizeOf(type.shape));
    const multiply = type.dtype === "int32" ? multiplyInt32 : multiplyBlocked;
    for (let b = 0; b < sizeOf(type.shape.slice(0, -2)); b++) {
      multiply(
        out.subarray(b * m * n, (b + 1) * m * n),
        x!.buffer.subarray(b * m * k, (b + 1) * m * k),
        y!.buffer.subarray(b * k * n, (b + 1) * k * n),
        m,
        k,
        n,
      );
    }
    return out;
  },
};

function multiplyInt32(out: TypedArray, x: TypedArray, y: TypedArray, m: number, k: number, n: number): void {
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      for (let j = 0; j < n; j++) out[i * n + j]! += Math.imul(x[i * k + p]!, y[p * n + j]!);
    }
  }
}

/**
 * 4×4 outputs stay in registers while the k loop runs over a packed panel of four columns of y.
 * Sums run in order of k in float64, so the result does not depend on the blocking.
 */
function multiplyBlocked(out: TypedArray, x: TypedArray, y: TypedArray, m: number, k: number, n: number): void {
  const panel = new Float64Array(4 * k);
  const rows = new Float64Array(4 * k);
  const isWide = n >= 8;
  // x is packed too when it is read often enough to pay for the copy.
  const packedRows = isWide ? packRows(x, m, k) : undefined;
  for (let j = 0; j < n; j += 4) {
    const columns = Math.min(4, n - j);
    for (let p = 0; p < k; p++) for (let c = 0; c < 4; c++) panel[4 * p + c] = c < columns ? y[p * n + j + c]! : 0;
    for (let i = 0; i < m; i += 4) {
      const block = packedRows ? packedRows.subarray(i * k, (i + 4) * k) : packBlock(rows, x, i, m, k);
      microKernel(out, block, panel, i, j, Math.min(4, m - i), columns, k, n);
    }
  }
}

function packRows(x: TypedArray, m: number, k: number): Float64Array {
  const packed = new Float64Array(Math.ceil(m / 4) * 4 * k);
  for (let i = 0; i < m; i += 4) packBlock(packed.subarray(i * k, (i + 4) * k), x, i, m, k);
  return packed;
}

function packBlock(block: Float64Array, x: TypedArray, i: number, m: number, k: number): Float64Array {
  for (let r = 0; r < 4; r++) {
    if (i + r < m) for (let p = 0; p < k; p++) block[4 * p + r] = x[(i + r) * k + p]!;
    else for (let p = 0; p < k; p++) block[4 * p + r] = 0;
  }
  return block;
}

const tile = new Float64Array(16);

function microKernel(
  out: TypedArray,
  a: Float64Array,
  b: Float64Array,
  i: number,
  j: number,
  rows: number,
  columns: number,
  k: number,
  n: number,
): void {
  let [c00, c01, c02, c03, c10, c11, c12, c13] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [c20, c21, c22, c23, c30, c31, c32, c33] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let p = 0; p < 4 * k; p += 4) {
    const [b0, b1, b2, b3] = [b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!];
    const [a0, a1, a2, a3] = [a[p]!, a[p + 1]!, a[p + 2]!, a[p + 3]!];
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
    c30 += a3 * b0;
    c31 += a3 * b1;
    c32 += a3 * b2;
    c33 += a3 * b3;
  }
  tile[0] = c00;
  tile[1] = c01;
  tile[2] = c02;
  tile[3] = c03;
  tile[4] = c10;
  tile[5] = c11;
  tile[6] = c12;
  tile[7] = c13;
  tile[8] = c20;
  tile[9] = c21;
  tile[10] = c22;
  tile[11] = c23;
  tile[12] = c30;
  tile[13] = c31;
  tile[14] = c32;
  tile[15] = c33;
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[(i + r) * n + j + c] = tile[4 * r + c]!;
}
