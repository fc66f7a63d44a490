import {
  asTensor,
  cast,
  DomainError,
  DTypeError,
  didYouMean,
  flatten,
  formatShape,
  isFloat,
  mustBe,
  quote,
  ShapeError,
  sameShape,
  type Tensor,
  unflatten,
} from "@pushforward/tensor";

/** Most names that a message lists. */
const listedNames = 3;

/**
 * The leaves of a tree by dotted names, such as `blocks.0.attn.qkv.weight`, as files of weights hold them.
 *
 * @throws DomainError if two leaves have the same name, because a key contains a dot
 */
export function named(tree: unknown): Record<string, Tensor> {
  const { leaves, names } = namedLeaves("named", tree);
  return Object.fromEntries(leaves.map((leaf, i) => [names[i], asTensor(leaf, "named")]));
}

/** A flattened tree with dotted names instead of paths. */
function namedLeaves(operation: string, tree: unknown) {
  const { leaves, paths, structure } = flatten(tree, operation);
  const names = paths.map((path) => path.replace(/\[(\d+)\]|<\w+ (\d+)>/g, ".$1$2").replace(/^\./, ""));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new DomainError(
      `${operation}: leaves must have different names, got ${quote(twice)} twice; keys hold no dots`,
    );
  }
  return { leaves, names, structure };
}

/**
 * A tree like another one, with the tensors of a record by dotted names: the inverse of `named`. Floats take the dtype of the other tree.
 *
 * @param like a tree with the names, shapes and dtypes that are needed, such as `network.init(key)`
 * @throws DomainError for a name that is missing or left over, ShapeError or DTypeError for a tensor that does not fit
 */
export function fromNamed<P>(record: Readonly<Record<string, Tensor>>, like: P): P {
  mustBe("fromNamed", "the record", record, "object");
  const { leaves, names, structure } = namedLeaves("fromNamed", like);
  checkNames(Object.keys(record), names);
  const values = names.map((name, i) => {
    mustBe("fromNamed", quote(name), record[name], "tensor");
    return fitted(name, record[name], asTensor(leaves[i], "fromNamed"));
  });
  return unflatten(structure, values) as P;
}

function checkNames(given: readonly string[], names: readonly string[]): void {
  const [has, needs] = [new Set(given), new Set(names)];
  const missing = names.filter((name) => !has.has(name));
  const other = given.filter((name) => !needs.has(name));
  if (missing.length === 0 && other.length === 0) return;
  const parts = [
    missing.length > 0 ? `must hold ${listed(missing)}` : "",
    other.length > 0 ? `must not hold ${listed(other)}` : "",
  ];
  const advice = missing.length > 0 && other.length > 0 ? didYouMean(other[0], missing) : "";
  throw new DomainError(`fromNamed: the record ${parts.filter((part) => part !== "").join(" and ")}${advice}`);
}

function listed(names: readonly string[]): string {
  const first = names.slice(0, listedNames).map((name) => quote(name));
  return names.length <= listedNames ? first.join(", ") : `${first.join(", ")}, … (${names.length} names)`;
}

function fitted(name: string, value: Tensor, { shape, dtype }: Tensor): Tensor {
  if (!sameShape(value.shape, shape)) {
    throw new ShapeError(
      `fromNamed: ${quote(name)} must be ${formatShape(shape)}, got ${formatShape(value.shape)}; weights of PyTorch need importTorch first`,
    );
  }
  if (value.dtype === dtype) return value;
  if (isFloat(value.dtype) && isFloat(dtype)) return cast(value, dtype);
  throw new DTypeError(`fromNamed: ${quote(name)} must be ${dtype}, got ${value.dtype}`);
}
