import type { FileDistribution } from "@pushforward/flows";
import { cast, DomainError, fromData, gather, matmul, type Tensor } from "@pushforward/tensor";
import { principalComponents } from "./principalComponents.ts";

/** The parts of a law of rows that a problem is made of. */
export type RowLaw = Pick<
  FileDistribution,
  "dim" | "train" | "test" | "trainPlaces" | "testPlaces" | "drawPlaces" | "sample" | "toOriginal"
>;

/** A law of rows in few coordinates. */
export interface LatentLaw extends RowLaw {
  /** Part of the variance of the training rows that the coordinates keep, from 0 to 1. */
  readonly kept: number;
}

/**
 * Rows by their principal components: the coordinates of a row along the directions in which the training rows vary most, all divided by
 * one number, so that together they have standard deviation 1. `toOriginal` is the row that the coordinates stand for.
 *
 * @param where the data in messages
 * @throws DomainError if there are not so many components
 */
export function latentLaw(law: RowLaw, count: number, where: string): LatentLaw {
  const { dim, train, test } = law;
  if (count > Math.min(dim, train.shape[0] - 1)) {
    throw new DomainError(
      `data: ${where} must have at least ${count} columns and more than ${count} training rows for ${count} principal components, got ${dim} columns and ${train.shape[0]} rows; choose fewer`,
    );
  }
  const { mean, directions, variances, total } = principalComponents(train.dataSync(), dim, count);
  const kept = variances.reduce((sum, each) => sum + each, 0);
  const scale = Math.sqrt(kept / count);
  const axes = fromData(directions, [count, dim]);
  const center = fromData(mean, [dim]);
  const encode = (rows: Tensor): Tensor => project(rows.dataSync(), mean, directions, scale);
  const latent = encode(train);
  return {
    ...law,
    dim: count,
    train: latent,
    test: encode(test),
    kept: kept / total,
    sample: (key, n, { dtype = "float64" } = {}) => cast(gather(latent, law.drawPlaces(key, n)), dtype),
    toOriginal: (z) => law.toOriginal(matmul(z.cast("float64").mul(scale), axes).add(center)),
  };
}

/** Coordinates of rows along directions, over the scale, [rows, count]. */
function project(rows: ArrayLike<number>, mean: Float64Array, directions: Float64Array, scale: number): Tensor {
  const dim = mean.length;
  const [n, count] = [rows.length / dim, directions.length / dim];
  const result = new Float64Array(n * count);
  for (let row = 0; row < n; row++)
    for (let k = 0; k < count; k++) {
      let sum = 0;
      for (let i = 0; i < dim; i++) sum += (rows[row * dim + i] - mean[i]) * directions[k * dim + i];
      result[row * count + k] = sum / scale;
    }
  return fromData(result, [n, count]);
}
