import { add, compile, fromData, matmul, type Tensor } from "@pushforward/tensor";
import { type Moments, momentsOf } from "../problems/moments.ts";
import type { PointSet } from "./pointSet.ts";

/** The Gaussian with the mean and the covariance of some points; the covariance may be singular. */
export interface GaussianFit extends Moments {
  /** Samples from standard normal noise [n, dim]: mean + noise·Lᵀ with L·Lᵀ = cov. */
  sample(noise: Tensor): Tensor;
}

/**
 * Fits a Gaussian to points by their moments.
 *
 * @throws ShapeError if there are no points
 */
export function fitGaussian(points: PointSet): GaussianFit {
  const { dim } = points;
  const { mean, cov } = momentsOf(points, "fitGaussian");
  const upper = fromData(cholesky(cov, dim), [dim, dim]).transpose();
  const center = fromData(mean, [dim]);
  return { mean, cov, sample: (noise) => spread(noise.cast("float64"), upper, center) };
}

/** Standard normal noise as samples. */
const spread = compile((noise: Tensor, upper: Tensor, mean: Tensor): Tensor => add(matmul(noise, upper), mean));

/** A pivot below this fraction of the largest variance is rounding error: the column depends on the columns before it. */
const negligible = 1e-12;

/**
 * Lower triangular L with L·Lᵀ = A for a positive semidefinite A; columns without a pivot are zero.
 *
 * @param matrix row by row, [dim, dim]
 * @source Higham 2002, "Accuracy and stability of numerical algorithms", §10.3
 */
export function cholesky(matrix: Float64Array, dim: number): Float64Array {
  const lower = new Float64Array(dim * dim);
  let largest = 0;
  for (let i = 0; i < dim; i++) largest = Math.max(largest, matrix[i * dim + i]);
  const remainder = (i: number, j: number): number => {
    let sum = matrix[i * dim + j];
    for (let k = 0; k < j; k++) sum -= lower[i * dim + k] * lower[j * dim + k];
    return sum;
  };
  for (let j = 0; j < dim; j++) {
    const pivot = remainder(j, j);
    if (pivot <= negligible * largest) continue;
    lower[j * dim + j] = Math.sqrt(pivot);
    for (let i = j + 1; i < dim; i++) lower[i * dim + j] = remainder(i, j) / lower[j * dim + j];
  }
  return lower;
}
