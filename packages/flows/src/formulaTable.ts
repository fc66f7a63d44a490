import {
  abs,
  add,
  atan,
  cos,
  cosh,
  div,
  exp,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  sigmoid,
  sign,
  sin,
  sinh,
  sqrt,
  sub,
  type Tensor,
  type TensorLike,
  tan,
  tanh,
} from "@pushforward/tensor";

// The functions, constants and operators of formulas, each with its tensor operation.

/** Functions by their names in formulas; the number of arguments is that of the operation. */
export type FormulaFunctions = Readonly<Record<string, readonly [arity: number, f: (...args: TensorLike[]) => Tensor]>>;

/** Functions of all formulas. */
export const functions: FormulaFunctions = {
  sin: [1, (x) => sin(x)],
  cos: [1, (x) => cos(x)],
  tan: [1, (x) => tan(x)],
  atan: [1, (x) => atan(x)],
  sinh: [1, (x) => sinh(x)],
  cosh: [1, (x) => cosh(x)],
  tanh: [1, (x) => tanh(x)],
  exp: [1, (x) => exp(x)],
  log: [1, (x) => log(x)],
  sqrt: [1, (x) => sqrt(x)],
  abs: [1, (x) => abs(x)],
  sign: [1, (x) => sign(x)],
  sigmoid: [1, (x) => sigmoid(x)],
  min: [2, (x, y) => minimum(x, y)],
  max: [2, (x, y) => maximum(x, y)],
  pow: [2, (x, y) => pow(x, y)],
};

/** Named constants. */
export const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

/** Operators, for scalars. */
export const operators: Readonly<Record<string, (...args: TensorLike[]) => Tensor>> = {
  add: (x, y) => add(x, y),
  subtract: (x, y) => sub(x, y),
  multiply: (x, y) => mul(x, y),
  divide: (x, y) => div(x, y),
  pow: (x, y) => pow(x, y),
  unaryMinus: (x) => neg(x),
};

/** Operators that accept vectors, and the operands that may be vectors; "both" means both or none. */
export const onVectors: Readonly<Record<string, "both" | "either" | "left">> = {
  add: "both",
  subtract: "both",
  multiply: "either",
  divide: "left",
  unaryMinus: "left",
};
