import { DomainError } from "@pushforward/tensor";
import { checkMatrix } from "../callChecks.ts";

/** A = Q·diag(values)·Qᵀ with orthonormal columns of Q. */
export interface SymmetricEigen {
  /** Eigenvalues, [dim]. */
  readonly values: Float64Array;
  /** Q in row-major order, [dim, dim]; column k is the eigenvector of values[k]. */
  readonly vectors: Float64Array;
}

/** Largest number of sweeps of Jacobi's method; quadratic convergence needs about 6 to 10. */
const maxSweeps = 60;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations, in plain numbers.
 *
 * @param matrix [dim][dim]
 * @throws DomainError if the matrix is not square, finite and symmetric
 * @source Golub and Van Loan, Matrix Computations, §8.5
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): SymmetricEigen {
  checkMatrix("symmetricEigen", "the matrix", matrix);
  const n = matrix.length;
  checkSymmetric(matrix);
  const a = Float64Array.from(matrix.flat());
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  const total = a.reduce((sum, x) => sum + x * x, 0);
  for (let sweep = 0; offDiagonal(a, n) > 1e-32 * total; sweep++) {
    if (sweep === maxSweeps) throw new DomainError(`symmetricEigen: no convergence after ${maxSweeps} sweeps`);
    for (let p = 0; p < n; p++) for (let r = p + 1; r < n; r++) rotate(a, q, n, p, r);
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), vectors: q };
}

/** Σ of the squares above the diagonal. */
function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) sum += a[i * n + j] ** 2;
  return sum;
}

/** One rotation in the plane (p, r) that makes a_pr zero: a ← JᵀaJ, q ← qJ. */
function rotate(a: Float64Array, q: Float64Array, n: number, p: number, r: number): void {
  const off = a[p * n + r];
  if (off === 0) return;
  const theta = (a[r * n + r] - a[p * n + p]) / (2 * off);
  const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(1, theta));
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = tangent * cosine;
  const turn = (m: Float64Array, i: number, j: number): void => {
    const [x, y] = [m[i], m[j]];
    m[i] = cosine * x - sine * y;
    m[j] = sine * x + cosine * y;
  };
  for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + r);
  for (let k = 0; k < n; k++) turn(a, p * n + k, r * n + k);
  for (let k = 0; k < n; k++) turn(q, k * n + p, k * n + r);
  // zero by construction: the rounding error would prevent the end of the sweeps
  a[p * n + r] = 0;
  a[r * n + p] = 0;
}

function checkSymmetric(matrix: readonly (readonly number[])[]): void {
  const n = matrix.length;
  matrix.forEach((row, i) => {
    if (row.length !== n)
      throw new DomainError(`symmetricEigen: the matrix must be square, row ${i} of ${n} has ${row.length} entries`);
    row.forEach((x, j) => {
      const mirror = matrix[j]?.[i];
      if (Number.isFinite(x) && Math.abs(x - mirror) <= 1e-12 * Math.max(Math.abs(x), Math.abs(mirror))) return;
      throw new DomainError(
        `symmetricEigen: the matrix must be finite and symmetric, got ${x} at [${i}, ${j}] and ${mirror} at [${j}, ${i}]`,
      );
    });
  });
}
