import { integerPowInt32, integerPow as integerPowScalar } from "../scalar/integerPow.ts";
import { pow as powScalar } from "../scalar/pow.ts";
import { remainder as remainderScalar } from "../scalar/remainder.ts";
import { roundHalfEven } from "../scalar/roundHalfEven.ts";
import { elementwise, parametric } from "./elementwise.ts";

/** x + y; int32 wraps mod 2³². */
export const add = elementwise("add", {
  arity: 2,
  domain: "number",
  eval: (x, y) => x + y,
  expression: "x + y",
});

/** x − y. */
export const sub = elementwise("sub", {
  arity: 2,
  domain: "number",
  eval: (x, y) => x - y,
  expression: "x - y",
});

/** x · y. */
export const mul = elementwise("mul", {
  arity: 2,
  domain: "number",
  eval: (x, y) => x * y,
  evalInt: (x, y) => Math.imul(x, y),
  expression: "x * y",
});

/** x / y, floats only. */
export const div = elementwise("div", {
  arity: 2,
  eval: (x, y) => x / y,
  expression: "x / y",
});

/** −x. */
export const neg = elementwise("neg", {
  arity: 1,
  domain: "number",
  eval: (x) => -x,
  expression: "-x",
});

/** x to the power y, both real; NaN for a negative base with a fractional exponent. */
export const pow = elementwise("pow", { arity: 2, eval: (x, y) => powScalar(x, y), expression: "pow(x, y)" });

/** x to a static whole power n; unlike pow it has a derivative at 0. */
export const integerPow = parametric<1, { readonly n: number }>(
  "integerPow",
  { arity: 1, domain: "number" },
  ({ n }) => ({
    eval: (x) => integerPowScalar(x, n),
    evalInt: (x) => integerPowInt32(x, n),
    expression: `integerPow(x, ${n})`,
  }),
);

/** |x|. */
export const abs = elementwise("abs", { arity: 1, domain: "number", eval: Math.abs, expression: "abs(x)" });

/** −1, 0 or 1; keeps ±0 and NaN. */
export const sign = elementwise("sign", { arity: 1, domain: "number", eval: Math.sign, expression: "sign(x)" });

/** Largest whole number ≤ x. */
export const floor = elementwise("floor", { arity: 1, eval: Math.floor, expression: "floor(x)" });

/** Smallest whole number ≥ x. */
export const ceil = elementwise("ceil", { arity: 1, eval: Math.ceil, expression: "ceil(x)" });

/** Nearest whole number, halves to even as in NumPy. */
export const round = elementwise("round", { arity: 1, eval: roundHalfEven, expression: "nearest(x)" });

/** The larger of two, NaN if either is. */
export const maximum = elementwise("maximum", {
  arity: 2,
  domain: "number",
  eval: (x, y) => Math.max(x, y),
  expression: "max(x, y)",
});

/** The smaller of two, NaN if either is. */
export const minimum = elementwise("minimum", {
  arity: 2,
  domain: "number",
  eval: (x, y) => Math.min(x, y),
  expression: "min(x, y)",
});

/** x mod y with the sign of y, also for a result of ±0, as in NumPy; 0 for int32 mod 0. */
export const remainder = elementwise("remainder", {
  arity: 2,
  domain: "number",
  eval: remainderScalar,
  expression: "remainder(x, y)",
});
