/** Sweeps over all pairs of columns; a few suffice, as the method converges quadratically. */
const mostSweeps = 30;

/**
 * Singular values of a square matrix, the largest first, by one-sided Jacobi rotations: columns are rotated until they are orthogonal,
 * and then their lengths are the singular values. Small values keep their relative accuracy.
 *
 * @param matrix entries row by row, [n·n]
 * @returns not a number where an entry is not finite
 * @source Golub and Van Loan, Matrix Computations, section 8.6.3
 */
export function singularValues(matrix: readonly number[], n: number): number[] {
  if (!matrix.every(Number.isFinite)) return Array.from({ length: n }, () => Number.NaN);
  // Scaled to entries of at most 1, so that products neither overflow nor all vanish.
  const scale = Math.max(...matrix.map(Math.abs)) || 1;
  const columns = Array.from({ length: n }, (_, j) => Array.from({ length: n }, (_, i) => matrix[i * n + j] / scale));
  for (let sweep = 0; sweep < mostSweeps && rotateAll(columns); sweep++);
  return columns.map((column) => scale * Math.hypot(...column)).sort((a, b) => b - a);
}

/** Makes every pair of columns orthogonal once; false if all were. */
function rotateAll(columns: readonly number[][]): boolean {
  let isRotated = false;
  for (let p = 0; p < columns.length; p++)
    for (let q = p + 1; q < columns.length; q++) isRotated = rotate(columns[p], columns[q]) || isRotated;
  return isRotated;
}

/** Rotates two columns in place until they are orthogonal; false if they were. */
function rotate(a: number[], b: number[]): boolean {
  const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, each, i) => sum + each * y[i], 0);
  const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)];
  if (Math.abs(ab) <= Number.EPSILON * Math.sqrt(aa * bb)) return false;
  const zeta = (bb - aa) / (2 * ab);
  const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cos = 1 / Math.hypot(1, tangent);
  const sin = cos * tangent;
  for (let i = 0; i < a.length; i++) [a[i], b[i]] = [cos * a[i] - sin * b[i], sin * a[i] + cos * b[i]];
  return true;
}
