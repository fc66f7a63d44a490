import { fromData, type Tensor } from "@pushforward/tensor";
import type { Problem } from "../problems/problem.ts";
import { fitGaussian } from "./gaussianFit.ts";
import { type PointSet, pickPoints } from "./pointSet.ts";

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
  const places = (all: ArrayLike<number>, label: number): number[] =>
    Array.from(all, (_, i) => i).filter((i) => all[i] === label);
  for (const label of new Set(Array.from(labels))) {
    const [rows, learnt] = [places(labels, label), places(classes?.training ?? [], label)];
    const fit = fitGaussian(learnt.length > 0 ? pickPoints(training, learnt) : training);
    const own = pickPoints({ values: noise.dataSync(), dim }, rows);
    const made = fit.sample(fromData(own.values, [rows.length, dim])).dataSync();
    rows.forEach((row, i) => void samples.set(made.slice(i * dim, (i + 1) * dim), row * dim));
  }
  return { values: samples, dim };
}
