import type { Equation } from "@pushforward/tensor";

/** Parts of a program with derivatives; a cut is a stop-gradient. */
export type EquationPart = "primal" | "tangent" | "cotangent" | "cut";

/** Label of the stop-gradient that an equation is; undefined for all other equations. */
export const stopLabel = ({ primitive, params }: Equation): string | undefined =>
  primitive.name === "stopGradient" ? (params as { readonly label: string }).label : undefined;

/** The part of the derivative that an equation belongs to. */
export function partOf(equation: Equation): EquationPart {
  if (stopLabel(equation) !== undefined) return "cut";
  return equation.label === "tangent" || equation.label === "cotangent" ? equation.label : "primal";
}
