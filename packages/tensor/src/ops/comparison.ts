import { DTypeError } from "../array/errors.ts";
import { broadcastShapes } from "../array/shape.ts";
import type { Tensor, TensorLike } from "../array/tensor.ts";
import { bind } from "../interpret/interpreter.ts";
import { primitives as p } from "../primitives/index.ts";
import { noParams } from "../primitives/primitive.ts";
import { asTensor, binary, broadcast, promote, unary } from "./operands.ts";
import type { BinaryOp, UnaryOp } from "./signatures.ts";

/** x = y, as bool. */
export const equal: BinaryOp = binary(p.equal);
/** x < y, as bool; false < true. */
export const less: BinaryOp = binary(p.less, (x, y) => and(not(x), y));
/** x ≤ y, as bool; false < true. */
export const lessEqual: BinaryOp = binary(p.lessEqual, (x, y) => or(not(x), y));
/** x > y, as bool. */
export const greater: BinaryOp = (x, y) => less(y, x);
/** x ≥ y, as bool. */
export const greaterEqual: BinaryOp = (x, y) => lessEqual(y, x);
/** Logical and of bools. */
export const and: BinaryOp = binary(p.and);
/** Logical or of bools. */
export const or: BinaryOp = binary(p.or);
/** Logical not of bools. */
export const not: UnaryOp = unary(p.not);
/** x ≠ y, as bool; NaN differs from everything. */
export const notEqual: BinaryOp = (x, y) => not(equal(x, y));
/** Neither NaN nor infinite, as bool. */
export const isFinite: UnaryOp = unary(p.isFinite);
/** Whether an element is NaN, as bool: NaN alone differs from itself. */
export const isNaN: UnaryOp = (x) => {
  const value = asTensor(x, "isNaN");
  return notEqual(value, value);
};

/**
 * `condition ? x : y`, element by element.
 *
 * In reverse mode an infinite derivative in the branch that is not selected still gives 0·∞ = NaN: guard the argument, not the result.
 *
 * @throws DTypeError unless condition is bool
 */
export const where: (condition: TensorLike, x: TensorLike, y: TensorLike) => Tensor = (condition, x, y) => {
  const test = asTensor(condition, "where");
  if (test.dtype !== "bool")
    throw new DTypeError(`where: the condition must be bool, got ${test.dtype}; compare it, e.g. notEqual(x, 0)`);
  const branches = promote("where", [x, y]);
  const shape = broadcastShapes("where", test.shape, ...branches.map((branch) => branch.shape));
  return bind(
    p.where,
    [test, ...branches].map((operand) => broadcast(operand, shape)),
    noParams,
  );
};
