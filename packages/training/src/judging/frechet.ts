import { symmetricEigen } from "@pushforward/flows";
import { type Moments, momentsOf } from "../problems/moments.ts";
import { countPairs, type PointSet } from "./pointSet.ts";

/**
 * Fréchet distance of the Gaussians with the moments of two sets, the squared form:
 *
 *   ‖μ₁ − μ₂‖² + tr(C₁ + C₂ − 2·(C₁^½·C₂·C₁^½)^½)
 *
 * Sets of one law have a distance above 0, which falls with their sizes: compare distances of equally large sets. NaN among the points gives
 * NaN.
 *
 * @param x points, [n, dim]
 * @param y points, [m, dim]
 * @throws ShapeError if the widths differ or a set is empty
 * @source Dowson & Landau 1982, "The Fréchet distance between multivariate normal distributions"; Heusel et al. 2017 in features of a classifier
 */
export function frechet(x: PointSet, y: PointSet): number {
  countPairs(x, y, "frechet");
  const { dim } = x;
  const [a, b] = [x, y].map((points) => momentsOf(points, "frechet"));
  if (![a, b].every(isFinite)) return Number.NaN;
  let total = 0;
  for (let i = 0; i < dim; i++) total += (a.mean[i] - b.mean[i]) ** 2 + a.cov[i * dim + i] + b.cov[i * dim + i];
  const root = rootOf(a.cov, dim);
  const between = product(product(root, b.cov, dim), root, dim);
  const { values } = symmetricEigen(symmetric(between, dim));
  // the roots of eigenvalues that rounding takes below 0 are 0
  return Math.max(0, total - 2 * values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0));
}

const isFinite = ({ mean, cov }: Moments): boolean => mean.every(Number.isFinite) && cov.every(Number.isFinite);

/** The symmetric square root Q·diag(√λ)·Qᵀ of a positive semidefinite matrix, [dim, dim]. */
function rootOf(matrix: Float64Array, dim: number): Float64Array {
  const { values, vectors } = symmetricEigen(symmetric(matrix, dim));
  const scaled = vectors.map((x, at) => x * Math.sqrt(Math.max(0, values[at % dim])));
  const transposed = vectors.map((_, at) => vectors[(at % dim) * dim + Math.floor(at / dim)]);
  return product(scaled, transposed, dim);
}

/** A product of square matrices. */
function product(a: Float64Array, b: Float64Array, dim: number): Float64Array {
  const result = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++)
    for (let k = 0; k < dim; k++) {
      const x = a[i * dim + k];
      for (let j = 0; j < dim; j++) result[i * dim + j] += x * b[k * dim + j];
    }
  return result;
}

/** A matrix that rounding made not quite symmetric, as rows of a symmetric matrix. */
const symmetric = (matrix: Float64Array, dim: number): number[][] =>
  Array.from({ length: dim }, (_, i) =>
    Array.from({ length: dim }, (_, j) => (matrix[i * dim + j] + matrix[j * dim + i]) / 2),
  );
