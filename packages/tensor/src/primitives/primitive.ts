import type { TypedArray } from "../array/dtype.ts";
import type { Layout } from "../array/layout.ts";
import type { Shape } from "../array/shape.ts";
import type { DenseTensor } from "../array/tensor.ts";
import type { TensorType } from "../array/tensorType.ts";

/** Number of operands: a literal, or "n" for a primitive whose rules see all operands at once. */
export type Arity = 0 | 1 | 2 | 3 | 4 | "n";

/** Static parameters of a primitive that has none. */
export type NoParams = Readonly<Record<string, never>>;

/** The empty parameters. */
export const noParams: NoParams = {};

/**
 * The kind of computation of a primitive, by which a compiler forms kernels.
 *
 * - `map`: computes each element on its own, by the text of `expression`
 * - `view`: shows the elements of its operand in another layout, given by `view`
 * - `reduce`: combines elements along axes
 * - `contract`: sums products of two operands
 * - `scan`: runs along an axis
 * - `move`: changes the places of elements
 * - `marker`: the identity on values; derivatives treat it differently
 * - `host`: only its own `eval` can compute it: the role of a caller's primitive that is neither a map nor a view
 *
 * Backends have a kernel for each name of the primitives table with the roles reduce, contract, scan and move; a caller's primitive
 * with one of these roles is treated as `host`.
 */
export type Role = "map" | "view" | "reduce" | "contract" | "scan" | "move" | "marker" | "host";

/**
 * An operation on tensors. Its derivative is a row in autodiff's tables, and nowhere else.
 * One output each; static parameters by name.
 */
export interface Primitive<P extends object = NoParams, A extends Arity = Arity, R extends Role = Role> {
  readonly name: string;
  readonly arity: A;
  readonly role: R;
  /** Shape and dtype of the result; throws ShapeError and DTypeError. */
  type(operands: readonly TensorType[], params: P): TensorType;
  /** Reference evaluation: plain loops, kept forever. */
  eval(operands: readonly DenseTensor[], params: P, type: TensorType): TypedArray;
  /** Of maps: the scalar expression that compiled backends use, over operands x, y, z, w. */
  expression?(params: P): string;
  /**
   * Of views: the layout of the result in the buffer of the operand, or undefined where the result needs a copy.
   *
   * @param shape of the result
   */
  view?(layout: Layout, params: P, shape: Shape): Layout | undefined;
  /** Whether the compiler keeps every application: none is merged with an equal one, folded or left out. Default false. */
  readonly isOpaque?: boolean;
}

/** A result is weak only if all operands are. */
export const allWeak = (operands: readonly TensorType[]): boolean =>
  operands.length > 0 && operands.every((x) => x.weak);
