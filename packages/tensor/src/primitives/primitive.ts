import type { TypedArray } from "../array/dtype.ts";
import type { DenseTensor } from "../array/tensor.ts";
import type { TensorType } from "../array/tensorType.ts";

/** Number of operands: a literal, or "n" for a primitive whose rules see all operands at once. */
export type Arity = 0 | 1 | 2 | 3 | 4 | "n";

/** Static parameters of a primitive that has none. */
export type NoParams = Readonly<Record<string, never>>;

/** The empty parameters. */
export const noParams: NoParams = {};

/**
 * What one operation computes. Its derivative is a row in autodiff's tables, and nowhere else.
 * One output each; static parameters by name.
 */
export interface Primitive<P extends object = NoParams, A extends Arity = Arity> {
  readonly name: string;
  readonly arity: A;
  /** Shape and dtype of the result; throws ShapeError and DTypeError. */
  type(operands: readonly TensorType[], params: P): TensorType;
  /** Reference evaluation: plain loops, kept forever. */
  eval(operands: readonly DenseTensor[], params: P, type: TensorType): TypedArray;
  /** For elementwise primitives: the scalar expression that compiled backends use, over operands x, y, z, w. */
  readonly expression?: (params: P) => string;
}

/** A result is weak only if all operands are. */
export const allWeak = (operands: readonly TensorType[]): boolean =>
  operands.length > 0 && operands.every((x) => x.weak);
