import {
  asTensor,
  checkStructure,
  type Flattened,
  flatten,
  formatShape,
  ShapeError,
  sameShape,
  shorten,
  type Tensor,
} from "@pushforward/tensor";

/**
 * The leaves of a tree, checked against the structure and the shapes of another tree.
 *
 * @param what a leaf in messages, such as "the value"
 * @throws ShapeError with the leaf's path
 */
export function leavesLike(operation: string, what: string, other: Flattened, tree: unknown): Tensor[] {
  const flat = flatten(tree, operation);
  checkStructure(operation, other, flat);
  return flat.leaves.map((leaf, i) => {
    const [x, p] = [leaf, other.leaves[i]].map((each) => asTensor(each, operation));
    if (sameShape(x.shape, p.shape)) return x;
    const place = flat.paths[i] === "" ? "the parameters" : `leaf "${shorten(flat.paths[i])}"`;
    throw new ShapeError(
      `${operation}: ${what} of ${place} must have shape ${formatShape(p.shape)}, got ${formatShape(x.shape)}`,
    );
  });
}
