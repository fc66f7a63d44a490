import {
  add,
  asTensor,
  cast,
  DomainError,
  DTypeError,
  div,
  flatten,
  greater,
  isFinite,
  isFloat,
  mul,
  mustBe,
  norm,
  shorten,
  sqrt,
  square,
  stack,
  sum,
  type Tensor,
  treeMap,
  where,
} from "@pushforward/tensor";
import type { Optimizer } from "./optimizers/optimizer.ts";

/**
 * √Σ g² over all elements of all leaves, 0-d, in the dtype of the first leaf; null counts nothing.
 *
 * @throws DTypeError for an int32 or bool leaf, with its path
 */
export function globalNorm(tree: unknown): Tensor {
  const flat = flatten(tree, "globalNorm");
  const leaves = flat.leaves.map((leaf) => asTensor(leaf, "globalNorm"));
  const bad = leaves.findIndex((leaf) => !isFloat(leaf.dtype));
  if (bad >= 0)
    throw new DTypeError(
      `globalNorm: leaf "${shorten(flat.paths[bad])}" is ${leaves[bad].dtype} and has no gradient; pass null`,
    );
  if (leaves.length === 0) return asTensor(0);
  const [{ dtype }] = leaves;
  const squared = leaves.map((leaf) => cast(sum(square(leaf)), dtype)).reduce((total, part) => add(total, part));
  // Squares overflow before the norm does, and a norm of Infinity would clip every gradient to 0.
  return where(isFinite(squared), sqrt(squared), norm(stack(leaves.map((leaf) => cast(norm(leaf, null), dtype)))));
}

function checkBound(operation: string, maxNorm: number): void {
  mustBe(operation, "maxNorm", maxNorm, "number");
  if (!(maxNorm > 0)) throw new DomainError(`${operation}: maxNorm must be positive, got ${maxNorm}`);
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
  checkBound("clipByGlobalNorm", maxNorm);
  const size = globalNorm(grads);
  const isLong = greater(size, maxNorm);
  // The norm is a divisor only if it is above the bound, so that zero gradients stay zero.
  const factor = where(isLong, div(maxNorm, where(isLong, size, 1)), 1);
  return [treeMap((g: Tensor) => mul(g, cast(factor, asTensor(g).dtype)), grads), size];
}

/** An optimiser with a global bound on the gradient norm: gradients are clipped before the update. */
export function withClipping(optimizer: Optimizer, maxNorm: number): Optimizer {
  mustBe("withClipping", "the optimiser", optimizer, "object");
  mustBe("withClipping", "init of the optimiser", optimizer.init, "function");
  mustBe("withClipping", "update of the optimiser", optimizer.update, "function");
  checkBound("withClipping", maxNorm);
  return {
    ...optimizer,
    update: (grads, state, params, options) =>
      optimizer.update(clipByGlobalNorm(grads, maxNorm)[0], state, params, options),
  };
}
