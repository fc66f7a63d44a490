import { type PrimitiveName, primitives } from "@pushforward/tensor";
import type { MathNode } from "mathjs";
import { mathjs } from "./mathjs.ts";

/** Functions of the scalar language that mathjs cannot differentiate, written out; only closed forms that are smooth. */
const definitions: readonly (readonly [pattern: RegExp, closedForm: string])[] = [
  [/\bexpm1\(x\)/, "(exp(x) - 1)"],
  [/\blog1p\(x\)/, "log(1 + x)"],
  [/\bsigmoid\(x\)/, "(1 / (1 + exp(-x)))"],
  [/\bintegerPow\(x, (-?\d+)\)/, "(x ^ ($1))"],
  [/\bpow\(x, y\)/, "(x ^ y)"],
];

/** Primitives whose expression is a smooth closed form: no max, conditional or erf. */
export const closedForms = [
  ...["add", "sub", "mul", "div", "neg", "pow", "integerPow", "exp", "expm1", "log", "log1p"],
  ...["sqrt", "rsqrt", "sin", "cos", "atan", "tanh", "sigmoid"],
] as const satisfies readonly PrimitiveName[];

/** A partial derivative of a scalar function of x and y. */
export type PartialDerivative = (x: number, y?: number) => number;

/** The expression of a primitive as a formula of mathjs. */
function formulaOf(name: (typeof closedForms)[number], params: object): MathNode {
  const text = (primitives[name].expression as (params: object) => string)(params);
  return mathjs().parse(definitions.reduce((formula, [pattern, form]) => formula.replace(pattern, form), text));
}

/**
 * The derivative of an expression by one of its operands, found symbolically by mathjs, of any order.
 *
 * @param by operands in the order of differentiation: ["x", "x"] is the second derivative
 */
export function expressionDerivative(
  name: (typeof closedForms)[number],
  by: readonly ("x" | "y")[],
  params: object = {},
): PartialDerivative {
  const formula = by.reduce((node, variable) => mathjs().derivative(node, variable), formulaOf(name, params));
  const code = formula.compile();
  return (x, y) => code.evaluate({ x, y }) as number;
}
