import {
  asTensor,
  type DType,
  DTypeError,
  type Flattened,
  flatten,
  isFloat,
  ShapeError,
  shorten,
  type Tensor,
  unflatten,
  zeros,
} from "@pushforward/tensor";

/** A leaf's place for messages. */
export const placeOf = (path: string): string => (path === "" ? "the argument" : `leaf "${shorten(path)}"`);

/** Arguments as tensors, with the structure that rebuilds the original trees. */
export interface Arguments {
  readonly flat: Flattened;
  readonly values: Tensor[];
}

/** A function of trees whose types do not matter. */
export type AnyFunction = (...args: never[]) => unknown;

/** Calls a function with leaves put back into its arguments' structure. */
export function applyTo(f: AnyFunction, { flat }: Arguments, leaves: readonly unknown[]): unknown {
  const result = (f as unknown as (...args: unknown[]) => unknown)(...(unflatten(flat.structure, leaves) as unknown[]));
  // A Promise is refused later. The rest of the async function then fails on values whose transform has ended; that failure is not reported.
  if (result instanceof Promise) result.catch(() => undefined);
  return result;
}

/** Throws a ShapeError unless `list` is an array, as primals and tangents are: one entry per argument. */
export function checkList(operation: string, what: string, list: unknown): void {
  if (Array.isArray(list)) return;
  const got = list instanceof Object ? list.constructor.name : String(list);
  throw new ShapeError(`${operation}: ${what} must be an array with one entry per argument, got ${got}; write [x]`);
}

/** Flattens arguments; numbers become weak 0-d tensors. */
export function argumentsOf(operation: string, args: unknown): Arguments {
  const flat = flatten(args, operation);
  return { flat, values: flat.leaves.map((leaf) => asTensor(leaf, operation)) };
}

/** The tangent, or zeros where it is null; null where the dtype has no tangent. */
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
