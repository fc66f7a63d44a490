import { add, div, mul, sqrt, sub, sum, type Tensor } from "@pushforward/tensor";

/** A gradient in all batches: one tensor [batches, entries] per leaf. */
export type Gradient = readonly Tensor[];

/** Number of batches. */
const batchesOf = ([leaf]: Gradient): number => leaf.shape[0];

/** Inner products, batch by batch, [batches]; a gradient without the axis of batches counts for all. */
const dot = (a: Gradient, b: Gradient): Tensor =>
  a.map((leaf, i) => sum(mul(leaf, b[i]), -1)).reduce((total, each) => add(total, each));

/** ‖a‖², batch by batch. */
export const squaredLength = (a: Gradient): Tensor => dot(a, a);

/** ‖a‖, batch by batch. */
export const length = (a: Gradient): Tensor => sqrt(squaredLength(a));

/** Cosine of the angle between two gradients, batch by batch. */
export const cosine = (a: Gradient, b: Gradient): Tensor =>
  div(dot(a, b), sqrt(mul(squaredLength(a), squaredLength(b))));

/** The mean over batches, [entries] per leaf. */
export const meanOf = (a: Gradient): Gradient => a.map((leaf) => leaf.mean(0));

const difference = (a: Gradient, b: Gradient): Gradient => a.map((leaf, i) => sub(leaf, b[i]));

/** The variance of a gradient, summed over its entries, 0-d: Σ‖g_k − ḡ‖²/(batches − 1). */
export const variance = (a: Gradient): Tensor => div(sum(squaredLength(difference(a, meanOf(a)))), batchesOf(a) - 1);

/**
 * ‖E∇ − ∇*‖², estimated without bias from batches with the same draws, 0-d. It may be negative.
 *
 *   ‖mean of d‖² − tr Cov(d)/batches,   d = ∇ − ∇*
 */
export function squaredBias(gradient: Gradient, truth: Gradient): Tensor {
  const error = difference(gradient, truth);
  return sub(squaredLength(meanOf(error)), div(variance(error), batchesOf(error)));
}
