import {
  type Equation,
  knownName,
  type NoParams,
  type Primitive,
  Program,
  type ReduceParams,
  type Tensor,
} from "@pushforward/tensor";
import { type Definitions, definitionBy, definitionsOf, numberOf } from "./definitions.ts";

/** ‖x‖₂ over all axes, in place of the equations of `norm`: a target writes it as a call of its helper. */
export const normPrimitive: Primitive<NoParams, 1, "host"> = {
  name: "norm",
  arity: 1,
  role: "host",
  type: ([x]) => ({ shape: [], dtype: x.dtype, weak: x.weak }),
  eval([x], _, { dtype }) {
    const length = Math.hypot(...x.buffer);
    return dtype === "float32" ? Float32Array.of(length) : Float64Array.of(length);
  },
};

/** Whether a value is the factor that keeps the squares of a norm in range: a choice between numbers. */
const isRangeFactor = (x: Tensor, definitions: Definitions): boolean =>
  numberOf(x, definitions) !== undefined ||
  (definitionBy("where", x, definitions)
    ?.operands.slice(1)
    .every((branch) => isRangeFactor(branch, definitions)) ??
    false);

/**
 * The operand of the norm that a value is, as `norm` of tensor computes it:
 *
 *   √(Σ (f·x)²)/f, with a factor f that keeps the squares in range, and the root guarded at 0
 */
function operandOfNorm(quotient: Equation, definitions: Definitions): Tensor | undefined {
  const root = definitionBy("where", quotient.operands[0], definitions);
  const sqrt = root && definitionBy("sqrt", root.operands[2], definitions);
  const guarded = sqrt && definitionBy("where", sqrt.operands[0], definitions);
  const sum = guarded && definitionBy("sum", guarded.operands[2], definitions);
  const square = sum && definitionBy("integerPow", sum.operands[0], definitions);
  const scaled = square && definitionBy("mul", square.operands[0], definitions);
  if (
    !scaled ||
    !definitionBy("pow", root.operands[1], definitions) ||
    !isRangeFactor(quotient.operands[1], definitions)
  )
    return undefined;
  const isWhole = (sum.params as ReduceParams).axes.length === square.output.rank;
  const factor = definitionBy("where", quotient.operands[1], definitions);
  return isWhole && definitionBy("where", scaled.operands[1], definitions) === factor ? scaled.operands[0] : undefined;
}

/** A program with a call of `norm` in place of each norm over all axes of a value. */
export function withNorms({ inputs, equations, outputs, names }: Program): Program {
  const definitions = definitionsOf(equations);
  const replaced = equations.map((equation) => {
    if (knownName(equation.primitive) !== "div") return equation;
    const x = operandOfNorm(equation, definitions);
    return x
      ? { ...equation, primitive: normPrimitive as unknown as Primitive<object>, operands: [x], params: {} }
      : equation;
  });
  return new Program(inputs, replaced, outputs, names);
}
