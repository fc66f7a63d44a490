import { optionsOf } from "../array/mustBe.ts";
import type { Tensor, TensorLike } from "../array/tensor.ts";
import { primitives as p } from "../primitives/index.ts";
import { abs, add, div, integerPow, maximum, minimum, mul, neg, square, sub } from "./arithmetic.ts";
import { less, where } from "./comparison.ts";
import { asTensor, unary } from "./operands.ts";
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
/** (eˣ − e⁻ˣ)/2; a series for |x| < 1, so that neither it nor its derivatives cancel. */
export const sinh: UnaryOp = (x) => {
  const { value, isSmall, small } = nearZero("sinh", x);
  const series = mul(small, evenSeries(square(small), 1));
  return where(isSmall, series, sub(halfExp(value), halfExp(neg(value))));
};

/** (eˣ + e⁻ˣ)/2; a series for |x| < 1, so that its derivative does not cancel. */
export const cosh: UnaryOp = (x) => {
  const { value, isSmall, small } = nearZero("cosh", x);
  return where(isSmall, evenSeries(square(small), 0), add(halfExp(value), halfExp(neg(value))));
};

/** Where |x| < 1, and x there; elsewhere 0, so that powers of x stay in range. */
function nearZero(operation: string, x: TensorLike): { value: Tensor; isSmall: Tensor; small: Tensor } {
  const value = asTensor(x, operation);
  const isSmall = less(abs(value), 1);
  return { value, isSmall, small: where(isSmall, value, 0) };
}

/** eˣ/2 = e/2·e^{x − 1}, still in range where eˣ overflows. */
const halfExp = (x: Tensor): Tensor => mul(Math.E / 2, exp(sub(x, 1)));

/** Σ xᵏ/(2k + start)! for |x| ≤ 1, to the last bit and in two derivatives: cosh of √x for start 0, sinh of √x over √x for start 1. */
function evenSeries(x: Tensor, start: 0 | 1): Tensor {
  let sum: TensorLike = 0;
  for (let k = 10; k >= 0; k--) sum = add(mul(sum, x), 1 / factorial(2 * k + start));
  return sum as Tensor;
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** Logistic function 1/(1 + e⁻ˣ). */
export const sigmoid: UnaryOp = unary(p.sigmoid);
/** Error function. */
export const erf: UnaryOp = unary(p.erf);
/** Distribution function Φ of the standard normal law. */
export const normalCdf: UnaryOp = unary(p.normalCdf);
/** Inverse of the error function. */
export const erfInv: UnaryOp = unary(p.erfInv);

/** max(x, 0); derivative ½ at 0, as ties of max share it. */
export const relu: UnaryOp = (x) => maximum(x, 0);

/**
 * log(1 + eˣ) = max(x, 0) + log1p(e^{−|x|}): neither side overflows.
 *
 * max and |·| are expressed by `where`, so that both take the same side at 0 and derivatives of any order are right there.
 */
export const softplus: UnaryOp = (x) => {
  const value = asTensor(x, "softplus");
  const isPositive = less(0, value);
  return add(where(isPositive, value, 0), log1p(exp(where(isPositive, neg(value), value))));
};

/** log σ(x) = −softplus(−x). */
export const logSigmoid: UnaryOp = (x) => neg(softplus(neg(x)));

/** x·gate(x) for a gate that is exactly 0 below −1000; x is clamped there, since 0·(−∞) would be NaN. */
function gated(operation: string, x: TensorLike, gate: (x: Tensor) => Tensor): Tensor {
  const value = asTensor(x, operation);
  return mul(where(less(value, -1000), -1000, value), gate(value));
}

/** x·σ(x), also called swish. */
export const silu: UnaryOp = (x) => gated("silu", x, sigmoid);

/** Options of gelu. */
export interface GeluOptions {
  /** Use the tanh formula instead of the exact one; default false. */
  readonly approximate?: boolean;
}

/**
 * x·Φ(x) with Φ the standard normal distribution function.
 *
 *   approximate x·½(1 + tanh(y)) = x·σ(2y),   y = √(2/π)(x + 0.044715 x³)
 *
 * Both factors keep their digits where they are small; beyond ±100, where the cube may overflow, σ is exactly 0 or 1.
 *
 * @source Hendrycks and Gimpel 2016
 */
export const gelu: (x: TensorLike, options?: GeluOptions) => Tensor = (x, options = {}) => {
  const { approximate = false } = optionsOf("gelu", options, "approximate");
  return gated("gelu", x, approximate ? almostNormalCdf : normalCdf);
};

/** σ(2√(2/π)·(x + 0.044715 x³)) */
function almostNormalCdf(x: Tensor): Tensor {
  const limited = minimum(maximum(x, -100), 100);
  return sigmoid(mul(2 * Math.sqrt(2 / Math.PI), add(limited, mul(0.044715, integerPow(limited, 3)))));
}
