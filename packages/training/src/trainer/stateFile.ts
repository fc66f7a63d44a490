import { asTensor, DomainError, flatten, formatShape, sameShape, type Tensor, unflatten } from "@pushforward/tensor";

/** A tree of tensors by the paths of its leaves, as a checkpoint holds them. */
export function namedLeaves(tree: unknown): Record<string, Tensor> {
  const flat = flatten(tree, "checkpoint");
  return Object.fromEntries(flat.leaves.map((leaf, i) => [flat.paths[i], asTensor(leaf)]));
}

/**
 * A tree like `template` with the tensors of a checkpoint.
 *
 * @throws DomainError that names the file and the first tensor that is missing or does not fit
 */
export function restoreTree<T>(template: T, tensors: Readonly<Record<string, Tensor>>, file: string): T {
  const flat = flatten(template, "checkpoint");
  const leaves = flat.leaves.map((leaf, i) => {
    const [path, want] = [flat.paths[i], asTensor(leaf)];
    const got = tensors[path];
    if (!got) throw new DomainError(`checkpoint: ${file} has no tensor "${path}"; it belongs to another configuration`);
    if (sameShape(got.shape, want.shape) && got.dtype === want.dtype) return got;
    const [expected, found] = [want, got].map((x) => `${x.dtype} ${formatShape(x.shape)}`);
    throw new DomainError(`checkpoint: "${path}" in ${file} must be ${expected}, got ${found}`);
  });
  return unflatten(flat.structure, leaves) as T;
}
