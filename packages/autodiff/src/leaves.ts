import {
  asTensor,
  type DType,
  DTypeError,
  type Flattened,
  flatten,
  formatShape,
  isFloat,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorLike,
  unflatten,
  zeros,
} from "@pushforward/tensor";

/** A leaf's place for messages. */
export const placeOf = (path: string): string => (path === "" ? "the argument" : `leaf "${path}"`);

/** Arguments as tensors, with what is needed to put them back. */
export interface Arguments {
  readonly flat: Flattened;
  readonly values: Tensor[];
}

/** A function of trees whose types do not matter. */
export type AnyFunction = (...args: never[]) => unknown;

/** Calls a function with leaves put back into its arguments' structure. */
export const applyTo = (f: AnyFunction, { flat }: Arguments, leaves: readonly unknown[]): unknown =>
  (f as unknown as (...args: unknown[]) => unknown)(...(unflatten(flat.structure, leaves) as unknown[]));

/** Flattens arguments; numbers become weak 0-d tensors. */
export function argumentsOf(operation: string, args: unknown): Arguments {
  const flat = flatten(args, operation);
  return { flat, values: flat.leaves.map((leaf) => asTensor(leaf, operation)) };
}

/** A tangent or cotangent that fits its primal, or null where none can flow. */
export function checkTangent(
  operation: string,
  what: string,
  value: unknown,
  primal: Tensor,
  path: string,
): Tensor | null {
  if (value === null || value === undefined) return null;
  const tangent = asTensor(value as TensorLike, operation);
  if (!isFloat(primal.dtype)) {
    throw new DTypeError(`${operation}: ${placeOf(path)} is ${primal.dtype} and has no ${what}; pass null`);
  }
  if (!sameShape(tangent.shape, primal.shape)) {
    throw new ShapeError(
      `${operation}: the ${what} of ${placeOf(path)} must have shape ${formatShape(primal.shape)}, got ${formatShape(tangent.shape)}`,
    );
  }
  if (tangent.dtype === primal.dtype) return tangent;
  if (tangent.weak || primal.weak) return tangent.cast(primal.dtype);
  throw new DTypeError(
    `${operation}: the ${what} of ${placeOf(path)} must be ${primal.dtype}, got ${tangent.dtype}; cast it with cast(x, "${primal.dtype}")`,
  );
}

/**
 * Tangents (or cotangents) that belong to primal leaves, in their order; a leaf without one is null.
 *
 * @throws ShapeError and DTypeError with the leaf's path
 */
export function matchTangents(
  operation: string,
  what: string,
  primals: Arguments,
  tangents: unknown,
): (Tensor | null)[] {
  const found = new Map<string, unknown>();
  const given = flatten(tangents, operation);
  given.leaves.forEach((leaf, i) => {
    found.set(given.paths[i], leaf);
  });
  const stray = given.paths.find((path) => !primals.flat.paths.includes(path));
  if (stray !== undefined) {
    throw new ShapeError(
      `${operation}: ${what}s must have the structure of the primals, got an extra leaf "${stray}"; there are ${primals.flat.paths.map((path) => `"${path}"`).join(", ")}`,
    );
  }
  return primals.values.map((primal, i) => {
    const path = primals.flat.paths[i];
    return checkTangent(operation, what, found.get(path), primal, path);
  });
}

/** Zeros for a tangent that never came; null where the dtype has none. */
export const materialize = (tangent: Tensor | null, primal: Tensor): Tensor | null =>
  tangent ?? (isFloat(primal.dtype) ? zeros(primal.shape, { dtype: primal.dtype }) : null);

/** Throws a DTypeError with the path of the first leaf that has no derivative. */
export function checkFloat(operation: string, { flat, values }: Arguments): void {
  const bad = values.findIndex((x) => !isFloat(x.dtype));
  if (bad < 0) return;
  const dtype: DType = values[bad].dtype;
  throw new DTypeError(
    `${operation}: ${placeOf(flat.paths[bad])} is ${dtype} and has no gradient; cast it with cast(x, "float64"), or leave it out of argnums`,
  );
}
