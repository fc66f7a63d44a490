import {
  add,
  asTensor,
  cast,
  DomainError,
  div,
  greater,
  mul,
  sqrt,
  square,
  sum,
  type Tensor,
  treeLeaves,
  treeMap,
  where,
} from "@pushforward/tensor";
import type { Optimizer } from "./optimizers/optimizer.ts";

/** √Σ g² over all elements of all leaves, 0-d, in the dtype of the first leaf. */
export function globalNorm(tree: unknown): Tensor {
  const leaves = treeLeaves(tree).map((leaf) => asTensor(leaf, "globalNorm"));
  if (leaves.length === 0) return asTensor(0);
  const [{ dtype }] = leaves;
  return sqrt(leaves.map((leaf) => cast(sum(square(leaf)), dtype)).reduce((total, part) => add(total, part)));
}

/**
 * Scales a tree of gradients so that its global norm is at most `maxNorm`.
 *
 *   g·min(1, maxNorm/‖g‖)
 *
 * @returns the scaled tree and the norm before scaling
 * @source  Pascanu et al. 2013, algorithm 1
 */
export function clipByGlobalNorm<P>(grads: P, maxNorm: number): [P, Tensor] {
  if (!(maxNorm > 0)) throw new DomainError(`clipByGlobalNorm: maxNorm must be positive, got ${maxNorm}`);
  const size = globalNorm(grads);
  const isLong = greater(size, maxNorm);
  // Divided only where the norm is above the bound, so that zero gradients stay zero.
  const factor = where(isLong, div(maxNorm, where(isLong, size, 1)), 1);
  return [treeMap((g: Tensor) => mul(g, cast(factor, asTensor(g).dtype)), grads), size];
}

/** An optimiser that clips gradients by their global norm before it uses them. */
export const withClipping = (optimizer: Optimizer, maxNorm: number): Optimizer => ({
  ...optimizer,
  update: (grads, state, params, options) =>
    optimizer.update(clipByGlobalNorm(grads, maxNorm)[0], state, params, options),
});
