import { DomainError, DTypeError } from "../array/errors.ts";
import { DenseTensor, type Tensor, type TensorLike } from "../array/tensor.ts";
import { bind } from "../interpret/interpreter.ts";
import { primitives as p } from "../primitives/index.ts";
import { noParams } from "../primitives/primitive.ts";
import { less, where } from "./comparison.ts";
import { asTensor, binary, broadcastAll, promote, unary } from "./operands.ts";
import type { BinaryOp, UnaryOp } from "./signatures.ts";

/** x + y. */
export const add: BinaryOp = binary(p.add);
/** x − y. */
export const sub: BinaryOp = binary(p.sub);
/** x · y, element by element. */
export const mul: BinaryOp = binary(p.mul);
/** x / y; an int32 operand is a DTypeError that names the cast. */
export const div: BinaryOp = binary(p.div);
/** x mod y with the sign of y. */
export const remainder: BinaryOp = binary(p.remainder);
/** The larger of two numbers, logical or of bools; ties share a derivative equally. */
export const maximum: BinaryOp = binary(p.maximum, (x, y) => bind(p.or, [x, y], noParams));
/** The smaller of two numbers, logical and of bools; ties share a derivative equally. */
export const minimum: BinaryOp = binary(p.minimum, (x, y) => bind(p.and, [x, y], noParams));
/** −x. */
export const neg: UnaryOp = unary(p.neg);
/** |x|; derivative 0 at 0. */
export const abs: UnaryOp = unary(p.abs);
/** −1, 0 or 1. */
export const sign: UnaryOp = unary(p.sign);
/** Largest whole number ≤ x. */
export const floor: UnaryOp = unary(p.floor);
/** Smallest whole number ≥ x. */
export const ceil: UnaryOp = unary(p.ceil);
/** Nearest whole number, halves to even. */
export const round: UnaryOp = unary(p.round);

/**
 * x to a static whole power: exact derivatives at 0, negative bases allowed.
 *
 * @throws DomainError unless n is whole; DTypeError for a negative n on int32
 */
export const integerPow: (x: TensorLike, n: number) => Tensor = (x, n) => {
  const base = asTensor(x, "integerPow");
  if (!Number.isInteger(n)) throw new DomainError(`integerPow: the exponent must be a whole number, got ${n}; use pow`);
  if (base.dtype === "int32" && n < 0)
    throw new DTypeError(`integerPow: int32 has no power ${n}; cast it with cast(x, "float64")`);
  return bind(p.integerPow, [base], { n });
};

/** x to the power y; a whole number as exponent becomes integerPow, so pow(x, 2) has a derivative at 0. */
export const pow: BinaryOp = (x, y) => {
  const exponent =
    typeof y === "number" ? y : y instanceof DenseTensor && y.weak && y.rank === 0 ? y.buffer[0] : Number.NaN;
  if (Number.isInteger(exponent) && Math.abs(exponent) <= 1024) return integerPow(x, exponent);
  return bind(p.pow, broadcastAll("pow", [x, y]), {});
};

/** x². */
export const square: UnaryOp = (x) => {
  const base = asTensor(x, "square");
  return mul(base, base);
};

/** 1/x. */
export const reciprocal: UnaryOp = (x) => div(1, x);

/** Limits x to [low, high]; a bound may be null. Derivative 1 inside and ½ on a bound. */
export const clip: (x: TensorLike, low: TensorLike | null, high: TensorLike | null) => Tensor = (x, low, high) => {
  const above = low === null ? asTensor(x, "clip") : maximum(x, low);
  return high === null ? above : minimum(above, high);
};

/**
 * x + t·(y − x), from the nearer end: exact at both.
 *
 *   x + 2t·d for t < ½, else y − 2(1 − t)·d,   d = y/2 − x/2: the whole distance could overflow
 */
export const lerp: (x: TensorLike, y: TensorLike, t: TensorLike) => Tensor = (x, y, t) => {
  const [from, to, part] = promote("lerp", [x, y, t]);
  const half = sub(mul(0.5, to), mul(0.5, from));
  return where(less(part, 0.5), add(from, mul(mul(2, part), half)), sub(to, mul(mul(2, sub(1, part)), half)));
};
