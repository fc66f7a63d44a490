import {
  asTensor,
  DTypeError,
  flatten,
  formatShape,
  isFloat,
  type Leaf,
  ShapeError,
  type Structure,
  sameShape,
  structureKey,
  Tensor,
} from "@pushforward/tensor";
import { placeOf } from "./leaves.ts";

/** What is being matched, for messages. */
interface Matching {
  readonly operation: string;
  /** "tangent" or "cotangent". */
  readonly what: string;
}

/** Values that tangents must fit, with what joins them and their places. */
export interface Primals {
  readonly values: readonly Tensor[];
  readonly flat: { readonly structure: Structure; readonly paths: readonly string[] };
}

/**
 * Tangents (or cotangents) in the order of the primal leaves that they belong to; null, or a null above it, is none.
 *
 * @param discrete what to do with a tangent of an int32 or bool leaf, which has none
 * @throws ShapeError and DTypeError with the leaf's path
 */
export function matchTangents(
  operation: string,
  what: string,
  { values, flat: { structure, paths } }: Primals,
  tangents: unknown,
  discrete: "reject" | "ignore" = "reject",
): (Tensor | null)[] {
  const leaves = leavesAlong({ operation, what }, structure, tangents, "");
  return values.map((primal, i) =>
    discrete === "ignore" && !isFloat(primal.dtype)
      ? null
      : fitTangent({ operation, what }, leaves[i], primal, paths[i]),
  );
}

/** Leaves of a tree at the places of a structure. */
function leavesAlong(matching: Matching, structure: Structure, tree: unknown, path: string): (Leaf | null)[] {
  if (structure.kind === "leaf") return [leafAt(matching, tree, path)];
  if (structure.kind === "null") {
    if (tree === null || tree === undefined) return [];
    throw misfit(matching, path, "be null as the primal is", nameOf(tree));
  }
  const { children } = structure;
  if (tree === null || tree === undefined) return children.flatMap((c) => leavesAlong(matching, c, null, path));
  if (structure.kind === "array") {
    if (!Array.isArray(tree) || tree.length !== children.length)
      throw misfit(matching, path, `be an array of ${children.length}`, nameOf(tree));
    return children.flatMap((c, i) => leavesAlong(matching, c, tree[i], `${path}[${i}]`));
  }
  if (structure.kind === "class") return leavesOfClass(matching, structure, tree, path);
  const { keys } = structure;
  const isPlain = typeof tree === "object" && !Array.isArray(tree) && !(tree instanceof Tensor);
  const must = `be an object with ${keys.map((key) => `"${key}"`).join(", ")}`;
  if (!isPlain) throw misfit(matching, path, must, nameOf(tree));
  const stray = Object.keys(tree).find((key) => !keys.includes(key));
  if (stray !== undefined) throw misfit(matching, path, must, `an extra "${stray}"`);
  const node = tree as Record<string, unknown>;
  return children.flatMap((c, i) => leavesAlong(matching, c, node[keys[i]], path ? `${path}.${keys[i]}` : keys[i]));
}

function leafAt(matching: Matching, tree: unknown, path: string): Leaf | null {
  if (tree === null || tree === undefined) return null;
  if (tree instanceof Tensor || typeof tree === "number" || typeof tree === "boolean") return tree;
  throw misfit(matching, path, "be a tensor or null", nameOf(tree));
}

function leavesOfClass(matching: Matching, structure: Structure, tree: unknown, path: string): Leaf[] {
  const flat = flatten(tree, matching.operation);
  if (structureKey(flat.structure) === structureKey(structure)) return flat.leaves;
  throw misfit(matching, path, `have the structure ${structureKey(structure)}`, nameOf(tree));
}

function misfit({ operation, what }: Matching, path: string, must: string, got: string): ShapeError {
  const where = path === "" ? `the ${what}s` : `the ${what} of leaf "${path}"`;
  return new ShapeError(`${operation}: ${where} must ${must}, got ${got}; null stands for none`);
}

function nameOf(x: unknown): string {
  if (x instanceof Tensor) return `a tensor ${formatShape(x.shape)}`;
  if (Array.isArray(x)) return `an array of ${x.length}`;
  return typeof x === "object" && x !== null ? "an object" : `${typeof x} ${String(x)}`;
}

/** A tangent in its primal's dtype, or null where none flows. */
function fitTangent({ operation, what }: Matching, value: Leaf | null, primal: Tensor, path: string): Tensor | null {
  if (value === null) return null;
  const tangent = asTensor(value, operation);
  // Arguments are always a list: a leaf at the top is what a function returned.
  const place = path === "" ? "the result" : placeOf(path);
  if (!isFloat(primal.dtype))
    throw new DTypeError(`${operation}: ${place} is ${primal.dtype} and has no ${what}; pass null`);
  if (!sameShape(tangent.shape, primal.shape)) {
    throw new ShapeError(
      `${operation}: the ${what} of ${place} must have shape ${formatShape(primal.shape)}, got ${formatShape(tangent.shape)}`,
    );
  }
  const isStrongEnough = primal.weak || !tangent.weak;
  if (tangent.dtype === primal.dtype && isStrongEnough) return tangent;
  if (tangent.weak || primal.weak) return tangent.cast(primal.dtype);
  throw new DTypeError(
    `${operation}: the ${what} of ${place} must be ${primal.dtype}, got ${tangent.dtype}; cast it with cast(x, "${primal.dtype}")`,
  );
}
