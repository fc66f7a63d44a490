import { add, compile, fromData, matmul, mul, ShapeError, sub, type Tensor } from "@pushforward/tensor";
import { countPoints, type PointSet } from "./pointSet.ts";

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
 * Mean and covariance of points.
 *
 * @throws ShapeError if there are no points
 */
export function momentsOf(points: PointSet, where = "momentsOf"): Moments {
  const { dim } = points;
  const n = countPoints(points, where);
  if (n === 0) throw new ShapeError(`${where}: needs at least one point, got none`);
  const values = Float64Array.from(points.values);
  const mean = new Float64Array(dim);
  for (let at = 0; at < values.length; at += dim) for (let k = 0; k < dim; k++) mean[k] += values[at + k];
  for (let k = 0; k < dim; k++) mean[k] /= n;
  const [center, share] = [fromData(mean, [dim]), fromData(Float64Array.of(1 / n), [])];
  let cov: Tensor = fromData(new Float64Array(dim * dim), [dim, dim]);
  for (let start = 0; start < n; start += blockRows) {
    const rows = Math.min(blockRows, n - start);
    cov = addProducts(cov, fromData(values.slice(start * dim, (start + rows) * dim), [rows, dim]), center, share);
  }
  return { mean, cov: Float64Array.from(cov.dataSync()) };
}
