import { add, compile, fromData, matmul, mul, ShapeError, sub, type Tensor } from "@pushforward/tensor";
import { forEachBlock, type PointSet } from "../judging/pointSet.ts";

/** Mean and covariance of points. */
export interface Moments {
  /** [dim] */
  readonly mean: Float64Array;
  /** Covariance with divisor n, row by row, [dim, dim]. */
  readonly cov: Float64Array;
}

/** Rows whose products are added together: the memory of a product stays small. */
const blockRows = 2048;

/** Adds Σ (x − mean)(x − mean)ᵀ/n of some rows. */
const addProducts = compile((total: Tensor, x: Tensor, mean: Tensor, share: Tensor): Tensor => {
  const centred = sub(x, mean);
  return add(total, mul(share, matmul(centred.transpose(), centred)));
});

/**
 * Mean and covariance of points, [n, dim].
 *
 * @throws ShapeError unless there are whole rows, at least one
 */
export function momentsOf(points: PointSet, where = "momentsOf"): Moments {
  const { values, dim } = points;
  const n = values.length / dim;
  if (!Number.isInteger(n) || n === 0)
    throw new ShapeError(`${where}: needs at least one point of ${dim} numbers, got ${values.length} numbers`);
  const mean = new Float64Array(dim);
  for (let at = 0; at < values.length; at += dim) for (let k = 0; k < dim; k++) mean[k] += values[at + k];
  for (let k = 0; k < dim; k++) mean[k] /= n;
  const [center, share] = [fromData(mean, [dim]), fromData(Float64Array.of(1 / n), [])];
  let cov: Tensor = fromData(new Float64Array(dim * dim), [dim, dim]);
  forEachBlock(points, blockRows, (rows) => {
    cov = addProducts(cov, rows, center, share);
  });
  return { mean, cov: Float64Array.from(cov.dataSync()) };
}
