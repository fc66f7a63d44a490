import {
  asTensor,
  checkSync,
  DTypeError,
  type Entries,
  formatShape,
  isFloat,
  type Leaf,
  leavesAlong,
  ShapeError,
  type Structure,
  sameShape,
  Tensor,
} from "@pushforward/tensor";
import { placeOf } from "./leaves.ts";

/** The names of operation and argument, for messages. */
interface Matching {
  readonly operation: string;
  /** "tangent" or "cotangent". */
  readonly what: string;
}

/** Values that tangents must fit, with the structure of their tree and their paths. */
export interface Primals {
  readonly values: readonly Tensor[];
  readonly flat: { readonly structure: Structure; readonly paths: readonly string[] };
  /** Name of a leaf that is the whole tree; default "the result", since arguments are always a list. */
  readonly root?: string;
}

/**
 * Tangents (or cotangents) in the order of their primal leaves. A null stands for no tangent at its leaf, or at all leaves below its branch.
 * A missing key is an error, since it may be misspelt.
 *
 * @param discrete whether a tangent given for an int32 or bool leaf is an error or ignored
 * @throws ShapeError and DTypeError with the leaf's path
 */
export function matchTangents(
  operation: string,
  what: string,
  { values, flat: { structure, paths }, root = "the result" }: Primals,
  tangents: unknown,
  discrete: "reject" | "ignore" = "reject",
): (Tensor | null)[] {
  const leaves = leavesAlong(entriesOf({ operation, what }), structure, checkSync(operation, tangents));
  return values.map((primal, i) =>
    discrete === "ignore" && !isFloat(primal.dtype)
      ? null
      : fitTangent({ operation, what }, leaves[i], primal, paths[i] === "" ? root : placeOf(paths[i])),
  );
}

/** Tangents as entries along the primals: null stands for none at all leaves below it. */
const entriesOf = ({ operation, what }: Matching): Entries<Leaf | null> => ({
  operation,
  what,
  isWhole: (entry) => entry === null,
  isEntry: (entry): entry is Leaf => entry instanceof Tensor || typeof entry === "number" || typeof entry === "boolean",
  kind: "a tensor or null",
  hint: "null stands for none",
});

/** A tangent in its primal's dtype; null stays null. */
function fitTangent({ operation, what }: Matching, value: Leaf | null, primal: Tensor, place: string): Tensor | null {
  if (value === null) return null;
  const tangent = asTensor(value, operation);
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
