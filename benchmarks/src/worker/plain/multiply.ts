/** Rows and columns of a block whose sums stay in local variables. */
const block = 4;

/**
 * c ← a·b, a [m, k], b [k, n], row-major. Blocks of 4 × 4 sums stay in local variables while k runs, over columns of b copied
 * next to each other; elements outside the blocks are summed one by one.
 */
export function multiply(a: Float32Array, b: Float32Array, c: Float32Array, m: number, k: number, n: number): void {
  const [blockRows, blockColumns] = [m - (m % block), n - (n % block)];
  const packed = new Float32Array(k * block);
  for (let j = 0; j < blockColumns; j += block) {
    for (let p = 0, q = 0; p < k; p++, q += block) {
      for (let l = 0; l < block; l++) packed[q + l] = b[p * n + j + l];
    }
    for (let i = 0; i < blockRows; i += block) multiplyBlock(a, packed, c, i, j, k, n);
  }
  for (let i = 0; i < m; i++) {
    for (let j = i < blockRows ? blockColumns : 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[i * k + p] * b[p * n + j];
      c[i * n + j] = sum;
    }
  }
}

function multiplyBlock(
  a: Float32Array,
  packed: Float32Array,
  c: Float32Array,
  i: number,
  j: number,
  k: number,
  n: number,
): void {
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [s20, s21, s22, s23, s30, s31, s32, s33] = [0, 0, 0, 0, 0, 0, 0, 0];
  const [r0, r1, r2, r3] = [i * k, (i + 1) * k, (i + 2) * k, (i + 3) * k];
  for (let p = 0, q = 0; p < k; p++, q += block) {
    const b0 = packed[q];
    const b1 = packed[q + 1];
    const b2 = packed[q + 2];
    const b3 = packed[q + 3];
    const a0 = a[r0 + p];
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    const a1 = a[r1 + p];
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    const a2 = a[r2 + p];
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
    const a3 = a[r3 + p];
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
    s33 += a3 * b3;
  }
  let o = i * n + j;
  c[o] = s00;
  c[o + 1] = s01;
  c[o + 2] = s02;
  c[o + 3] = s03;
  o += n;
  c[o] = s10;
  c[o + 1] = s11;
  c[o + 2] = s12;
  c[o + 3] = s13;
  o += n;
  c[o] = s20;
  c[o + 1] = s21;
  c[o + 2] = s22;
  c[o + 3] = s23;
  o += n;
  c[o] = s30;
  c[o + 1] = s31;
  c[o + 2] = s32;
  c[o + 3] = s33;
}

/** aᵀ of a [m, n], into out [n, m]. */
export function transpose(a: Float32Array, out: Float32Array, m: number, n: number): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) out[j * m + i] = a[i * n + j];
  }
}
