import {
  DenseTensor,
  DTypeError,
  flatten,
  formatShape,
  type Leaf,
  sameShape,
  Tensor,
  unflatten,
} from "@pushforward/tensor";

/** A function of trees, as jvp takes it. */
// biome-ignore lint/suspicious/noExplicitAny: any function of trees may be passed
export type TreeFunction = (...args: any[]) => unknown;

/** Results at x + h·dx, one list of numbers for every leaf of the output. */
export interface Line {
  /** f along the line, at step h. */
  at(h: number): Float64Array[];
  /** Numbers in the places of the output's leaves, as float64 tensors. */
  pack(values: readonly Float64Array[]): unknown;
}

/**
 * The restriction h ↦ f(x + h·dx) to a line, in plain numbers, for all difference oracles.
 *
 * @param tangents one tree for every primal; null (or an int32 or bool primal) stands still
 * @throws DTypeError for float32: differences resolve nothing there
 */
export function lineThrough(f: TreeFunction, primals: readonly unknown[], tangents: readonly unknown[]): Line {
  const points = flatten(primals, "oracle");
  const moved = points.leaves.map((leaf, i) => tangentAt(leaf, points.paths[i], tangents));
  const evaluate = (h: number) => {
    const leaves = points.leaves.map((leaf, i) => shift(leaf, moved[i], h));
    return flatten(f(...(unflatten(points.structure, leaves) as unknown[])), "oracle");
  };
  const sample = evaluate(0);
  const shapes = sample.leaves.map((leaf) => (leaf instanceof Tensor ? leaf.shape : []));
  return {
    at: (h) => evaluate(h).leaves.map((leaf) => Float64Array.from(valuesOf(leaf))),
    pack: (values) =>
      unflatten(
        sample.structure,
        values.map((data, i) => new DenseTensor(Float64Array.from(data), shapes[i], "float64")),
      ),
  };
}

const valuesOf = (leaf: Leaf): ArrayLike<number> =>
  leaf instanceof Tensor ? leaf.concrete("oracle").buffer : [Number(leaf)];

/**
 * The tangent of one leaf as numbers, or null; the tree of tangents may stop early with a null.
 *
 * @throws DTypeError for float32
 */
export function tangentAt(leaf: Leaf, path: string, tangents: readonly unknown[]): ArrayLike<number> | null {
  let node: unknown = tangents;
  for (const step of path.matchAll(/[^.[\]]+/g)) {
    if (node === null || node === undefined || node instanceof Tensor) break;
    node = (node as Record<string, unknown>)[step[0]];
  }
  if (node === null || node === undefined) return null;
  if (leaf instanceof Tensor && leaf.dtype !== "float64") {
    if (leaf.dtype !== "float32") return null;
    throw new DTypeError(`oracle: leaf "${path}" must be float64, got float32; differences resolve nothing there`);
  }
  const shape = leaf instanceof Tensor ? leaf.shape : [];
  const own = node instanceof Tensor ? node.shape : [];
  if (!sameShape(shape, own))
    throw new Error(`oracle: tangent "${path}" must be ${formatShape(shape)}, got ${formatShape(own)}`);
  return valuesOf(node as Leaf);
}

function shift(leaf: Leaf, by: ArrayLike<number> | null, h: number): Leaf {
  if (by === null || h === 0) return leaf;
  if (typeof leaf === "number") return leaf + h * by[0];
  const x = (leaf as Tensor).concrete("oracle");
  return new DenseTensor(
    Float64Array.from(x.buffer, (value, i) => value + h * by[i]),
    x.shape,
    "float64",
    x.weak,
  );
}
