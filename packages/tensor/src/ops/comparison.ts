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
/** Both, for bools. */
export const and: BinaryOp = binary(p.and);
/** Either, for bools. */
export const or: BinaryOp = binary(p.or);
/** The opposite, for bools. */
export const not: UnaryOp = unary(p.not);
/** x ≠ y, as bool; NaN differs from everything. */
export const notEqual: BinaryOp = (x, y) => not(equal(x, y));
/** Neither NaN nor infinite, as bool. */
export const isFinite: UnaryOp = unary(p.isFinite);
/** NaN is what differs from itself. */
export const isNaN: UnaryOp = (x) => {
  const value = asTensor(x, "isNaN");
  return notEqual(value, value);
};

/**
 * `condition ? x : y`, element by element.
 *
 * In reverse mode a NaN in the branch not taken still makes 0·∞: guard the argument, not the result.
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
