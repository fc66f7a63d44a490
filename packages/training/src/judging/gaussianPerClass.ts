import type { Tensor } from "@pushforward/tensor";
import { type Problem, pointsOf } from "../problems/problem.ts";
import { fitGaussian } from "./gaussianFit.ts";
import { type PointSet, pickPoints, rowsOf } from "./pointSet.ts";

/**
 * Samples of a Gaussian for each class, with the mean and the covariance of the training points of the class. A class without training points
 * has the samples of the Gaussian of all points.
 *
 * @param noise  standard normal, [n, dim]
 * @param labels classes of the samples, [n]
 */
export function gaussianPerClass(problem: Problem, noise: Tensor, labels: ArrayLike<number>): PointSet {
  const { training, classes, dim } = problem;
  const samples = new Float64Array(labels.length * dim);
  const learnt = rowsByLabel(classes?.training ?? []);
  const numbers = pointsOf(noise);
  for (const [label, rows] of rowsByLabel(labels)) {
    const own = learnt.get(label);
    const fit = fitGaussian(own ? pickPoints(training, own) : training);
    const made = fit.sample(rowsOf(pickPoints(numbers, rows))).dataSync();
    rows.forEach((row, i) => void samples.set(made.subarray(i * dim, (i + 1) * dim), row * dim));
  }
  return { values: samples, dim };
}

/** The rows that have each label. */
function rowsByLabel(labels: ArrayLike<number>): ReadonlyMap<number, readonly number[]> {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const own = rows.get(labels[row]);
    if (own) own.push(row);
    else rows.set(labels[row], [row]);
  }
  return rows;
}
