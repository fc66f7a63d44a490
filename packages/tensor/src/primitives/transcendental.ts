import { erf as erfScalar } from "../scalar/erf.ts";
import { erfInv as erfInvScalar } from "../scalar/erfInv.ts";
import { normalCdf as normalCdfScalar } from "../scalar/normalCdf.ts";
import { rsqrt as rsqrtScalar } from "../scalar/rsqrt.ts";
import { sigmoid as sigmoidScalar } from "../scalar/sigmoid.ts";
import { tanh as tanhScalar } from "../scalar/tanh.ts";
import { elementwise } from "./elementwise.ts";

/** eˣ. */
export const exp = elementwise("exp", {
  arity: 1,
  eval: Math.exp,
  expression: "exp(x)",
});

/** eˣ − 1 without cancellation near 0. */
export const expm1 = elementwise("expm1", { arity: 1, eval: Math.expm1, expression: "expm1(x)" });

/** Natural logarithm. */
export const log = elementwise("log", {
  arity: 1,
  eval: Math.log,
  expression: "log(x)",
});

/** log(1 + x) without cancellation near 0. */
export const log1p = elementwise("log1p", { arity: 1, eval: Math.log1p, expression: "log1p(x)" });

/** Square root. */
export const sqrt = elementwise("sqrt", {
  arity: 1,
  eval: Math.sqrt,
  expression: "sqrt(x)",
});

/** 1/√x. */
export const rsqrt = elementwise("rsqrt", { arity: 1, eval: rsqrtScalar, expression: "1 / sqrt(x)" });

/** Sine, x in radians. */
export const sin = elementwise("sin", {
  arity: 1,
  eval: Math.sin,
  expression: "sin(x)",
});

/** Cosine, x in radians. */
export const cos = elementwise("cos", {
  arity: 1,
  eval: Math.cos,
  expression: "cos(x)",
});

/** Inverse tangent, radians in (−π/2, π/2). */
export const atan = elementwise("atan", { arity: 1, eval: Math.atan, expression: "atan(x)" });

/** Hyperbolic tangent. */
export const tanh = elementwise("tanh", { arity: 1, eval: tanhScalar, expression: "tanh(x)" });

/** Logistic function 1/(1 + e⁻ˣ). */
export const sigmoid = elementwise("sigmoid", { arity: 1, eval: sigmoidScalar, expression: "sigmoid(x)" });

/** Error function 2/√π ∫₀ˣ e^{−s²} ds. */
export const erf = elementwise("erf", { arity: 1, eval: erfScalar, expression: "erf(x)" });

/** Distribution function of the standard normal law, ½·erfc(−x/√2). */
export const normalCdf = elementwise("normalCdf", { arity: 1, eval: normalCdfScalar, expression: "normalCdf(x)" });

/** Inverse of the error function on [−1, 1]; NaN outside. */
export const erfInv = elementwise("erfInv", { arity: 1, eval: erfInvScalar, expression: "erfInv(x)" });
