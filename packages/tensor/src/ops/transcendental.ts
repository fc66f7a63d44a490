import { primitives as p } from "../primitives/index.ts";
import type { Tensor, TensorLike } from "../tensor.ts";
import { add, div, integerPow, maximum, mul, neg, sub } from "./arithmetic.ts";
import { less, where } from "./comparison.ts";
import { asTensor, unary } from "./lift.ts";
import type { UnaryOp } from "./signatures.ts";

/** eˣ. */
export const exp: UnaryOp = unary(p.exp);
/** eˣ − 1, exact near 0. */
export const expm1: UnaryOp = unary(p.expm1);
/** Natural logarithm. */
export const log: UnaryOp = unary(p.log);
/** log(1 + x), exact near 0. */
export const log1p: UnaryOp = unary(p.log1p);
/** √x. */
export const sqrt: UnaryOp = unary(p.sqrt);
/** 1/√x. */
export const rsqrt: UnaryOp = unary(p.rsqrt);
/** Sine, radians. */
export const sin: UnaryOp = unary(p.sin);
/** Cosine, radians. */
export const cos: UnaryOp = unary(p.cos);
/** Tangent, radians. */
export const tan: UnaryOp = (x) => div(sin(x), cos(x));
/** Inverse tangent, radians. */
export const atan: UnaryOp = unary(p.atan);
/** Hyperbolic tangent. */
export const tanh: UnaryOp = unary(p.tanh);
/** (eˣ − e⁻ˣ)/2 = (expm1(x) − expm1(−x))/2: nothing cancels near 0. */
export const sinh: UnaryOp = (x) => mul(0.5, sub(expm1(x), expm1(neg(x))));
/** (eˣ + e⁻ˣ)/2. */
export const cosh: UnaryOp = (x) => mul(0.5, add(exp(x), exp(neg(x))));
/** Logistic function 1/(1 + e⁻ˣ). */
export const sigmoid: UnaryOp = unary(p.sigmoid);
/** Error function. */
export const erf: UnaryOp = unary(p.erf);
/** Inverse of the error function. */
export const erfInv: UnaryOp = unary(p.erfInv);

/** max(x, 0); derivative ½ at 0, as ties of max share it. */
export const relu: UnaryOp = (x) => maximum(x, 0);

/**
 * log(1 + eˣ) = max(x, 0) + log1p(e^{−|x|}): neither side overflows.
 *
 * max and |·| are written by where, so that both take the same side at 0: derivatives of any order are right there too.
 */
export const softplus: UnaryOp = (x) => {
  const value = asTensor(x, "softplus");
  const isPositive = less(0, value);
  return add(where(isPositive, value, 0), log1p(exp(where(isPositive, neg(value), value))));
};

/** log σ(x) = −softplus(−x). */
export const logSigmoid: UnaryOp = (x) => neg(softplus(neg(x)));

/** x·σ(x), also called swish. */
export const silu: UnaryOp = (x) => mul(x, sigmoid(x));

/** Options of gelu. */
export interface GeluOptions {
  /** Use the tanh formula instead of the exact one; default false. */
  readonly approximate?: boolean;
}

/**
 * x·Φ(x) with Φ the standard normal distribution function.
 *
 *   exact x/2·(1 + erf(x/√2));   approximate x/2·(1 + tanh(√(2/π)(x + 0.044715 x³)))
 *
 * @source Hendrycks and Gimpel 2016
 */
export const gelu: (x: TensorLike, options?: GeluOptions) => Tensor = (x, { approximate = false } = {}) => {
  const gate = approximate
    ? tanh(mul(Math.sqrt(2 / Math.PI), add(x, mul(0.044715, integerPow(x, 3)))))
    : erf(mul(x, Math.SQRT1_2));
  return mul(mul(0.5, x), add(1, gate));
};
