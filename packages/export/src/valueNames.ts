import type { Equation, LabelParams, PrimitiveName, Program } from "@pushforward/tensor";
import { holeName } from "./holes.ts";
import { type HoleParams, isHole } from "./opaque.ts";
import type { FunctionOptions } from "./writeFunction.ts";

/** Names of values without a recorded name, by the primitive that computes them. */
const usualNames: { readonly [P in PrimitiveName]?: string } = {
  add: "total",
  sub: "difference",
  mul: "product",
  div: "ratio",
  neg: "negative",
  sum: "total",
  integerPow: "square",
  sqrt: "root",
  exp: "growth",
  sin: "sine",
  cos: "cosine",
  atan: "angle",
  where: "chosen",
  maximum: "upper",
  minimum: "lower",
  less: "is_less",
  lessEqual: "is_at_most",
  equal: "is_equal",
  abs: "size",
  matmul: "product",
  conv: "convolved",
};

/** The recorded name of a value, the label of a stop-gradient, or a word for its primitive. */
export function nameOf(
  { primitive, params, output }: Equation,
  { names }: Program,
  { results, suggested }: FunctionOptions,
): string {
  const label = primitive.role === "marker" ? (params as Partial<LabelParams>).label : undefined;
  const hole = isHole(primitive) ? holeName(params as HoleParams, results) : undefined;
  const usual = usualNames[primitive.name as PrimitiveName];
  return names.get(output) ?? label ?? hole ?? suggested?.get(output) ?? usual ?? primitive.name;
}
