import { symmetricEigen } from "@pushforward/flows";
import { compile, DomainError, fromData, key, matmul, normal, type Tensor } from "@pushforward/tensor";
import { momentsOf } from "./moments.ts";

/** Directions in which rows vary most. */
export interface PrincipalComponents {
  /** Mean of the rows, [dim]. */
  readonly mean: Float64Array;
  /** Orthonormal directions, one after the other, the one of the largest variance first, [count·dim]. */
  readonly directions: Float64Array;
  /** Variances along the directions, with divisor n, [count]. */
  readonly variances: readonly number[];
  /** Sum of the variances of all columns. */
  readonly total: number;
}

/** Directions that are iterated beside those that are asked for: the last ones converge faster. */
const spare = 32;
/** Most iterations; digits of 784 pixels need about 20 for 64 directions. */
const mostIterations = 200;
/** Change of the variances, over the largest, at which the iteration ends. */
const tolerance = 1e-10;
/** A direction shorter than this part of the longest one is rounding error. */
const negligible = 1e-10;

/**
 * The first principal components of rows by orthogonal iteration with Rayleigh–Ritz steps. Products with the covariance are compiled: a
 * backend gives the same bits every time.
 *
 * @param rows [n, dim], one after the other
 * @throws DomainError if the rows vary in fewer directions
 * @source Golub and Van Loan, Matrix Computations, §8.2.4 (orthogonal iteration) and §8.1.4 (Ritz values)
 */
export function principalComponents(rows: ArrayLike<number>, dim: number, count: number): PrincipalComponents {
  const { mean, cov } = momentsOf({ values: rows, dim }, "principalComponents");
  const matrix = fromData(cov, [dim, dim]);
  let total = 0;
  for (let i = 0; i < dim; i++) total += cov[i * dim + i];
  let basis = orthonormal(startOf(dim, Math.min(dim, count + spare)), dim);
  let before: readonly number[] = [];
  for (let iteration = 0; ; iteration++) {
    const image = Float64Array.from(images(fromData(basis, [basis.length / dim, dim]), matrix).dataSync());
    const { values, turn } = ritz(basis, image, dim);
    const variances = values.slice(0, count);
    const change = Math.max(...variances.map((each, i) => Math.abs(each - (before[i] ?? Number.POSITIVE_INFINITY))));
    if (change <= tolerance * variances[0] || iteration === mostIterations || basis.length === dim * dim) {
      const directions = turned(basis, turn, dim).subarray(0, count * dim);
      checkCount(variances, count);
      return { mean, directions: signed(directions, dim), variances, total };
    }
    before = variances;
    basis = orthonormal(turned(image, turn, dim), dim);
  }
}

/** @throws DomainError unless every direction has a variance */
function checkCount(variances: readonly number[], count: number): void {
  const rank = variances.filter((each) => each > negligible * variances[0]).length;
  if (rank === count && variances.length === count) return;
  throw new DomainError(
    `principalComponents: rows must vary in at least ${count} directions, got ${rank}; choose at most ${rank} components`,
  );
}

/** Directions to begin with, which are no eigenvectors of anything. */
const startOf = (dim: number, count: number): Float64Array =>
  Float64Array.from(normal(key(0), [count * dim]).dataSync());

/** The directions as an orthonormal basis of what they span, by Gram and Schmidt, each twice for its rounding errors. */
function orthonormal(directions: Float64Array, dim: number): Float64Array {
  const basis: Float64Array[] = [];
  const longest = Math.sqrt(
    Math.max(
      ...Array.from({ length: directions.length / dim }, (_, k) => dot(directions, directions, dim, k * dim, k * dim)),
    ),
  );
  for (let at = 0; at < directions.length; at += dim) {
    const direction = directions.slice(at, at + dim);
    for (let pass = 0; pass < 2; pass++)
      for (const other of basis) {
        const along = dot(direction, other, dim, 0, 0);
        for (let i = 0; i < dim; i++) direction[i] -= along * other[i];
      }
    const length = Math.sqrt(dot(direction, direction, dim, 0, 0));
    if (length > negligible * negligible * longest) basis.push(direction.map((x) => x / length));
  }
  const all = new Float64Array(basis.length * dim);
  basis.forEach((direction, k) => void all.set(direction, k * dim));
  return all;
}

/** Inner product of dim numbers from a place of each list on. */
function dot(a: Float64Array, b: Float64Array, dim: number, fromA: number, fromB: number): number {
  let sum = 0;
  for (let i = 0; i < dim; i++) sum += a[fromA + i] * b[fromB + i];
  return sum;
}

/** A symmetric matrix times each direction. */
const images = compile((directions: Tensor, matrix: Tensor): Tensor => matmul(directions, matrix));

/** Ritz values of a basis, the largest first, and the turn of the basis that belongs to them, row by row. */
function ritz(basis: Float64Array, image: Float64Array, dim: number): { values: number[]; turn: number[][] } {
  const count = basis.length / dim;
  const small: number[][] = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let i = 0; i < count; i++)
    for (let j = 0; j <= i; j++) {
      small[i][j] = dot(basis, image, dim, i * dim, j * dim);
      small[j][i] = small[i][j];
    }
  const { values, vectors } = symmetricEigen(small);
  const order = Array.from(values, (_, k) => k).sort((a, b) => values[b] - values[a]);
  return {
    values: order.map((k) => values[k]),
    turn: order.map((k) => Array.from({ length: count }, (_, i) => vectors[i * count + k])),
  };
}

/** Sums of directions: for each row of the turn the directions weighted by it. */
function turned(directions: Float64Array, turn: readonly (readonly number[])[], dim: number): Float64Array {
  const result = new Float64Array(turn.length * dim);
  turn.forEach((weights, k) => {
    weights.forEach((weight, m) => {
      for (let i = 0; i < dim; i++) result[k * dim + i] += weight * directions[m * dim + i];
    });
  });
  return result;
}

/** Directions whose entry of the largest size is positive: both signs are right, one is chosen. */
function signed(directions: Float64Array, dim: number): Float64Array {
  const result = Float64Array.from(directions);
  for (let at = 0; at < result.length; at += dim) {
    const direction = result.subarray(at, at + dim);
    const largest = direction.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
    if (largest < 0) for (let i = 0; i < dim; i++) direction[i] = -direction[i];
  }
  return result;
}
