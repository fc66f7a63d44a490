import {
  type Equation,
  knownName,
  type NoParams,
  type Primitive,
  type PrimitiveName,
  Program,
  type ReduceParams,
  type Tensor,
} from "@pushforward/tensor";
import { numberOf } from "./readable.ts";

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

type Definitions = ReadonlyMap<Tensor, Equation>;

/** The equation of a primitive that defines a value, through views of the value. */
function find(x: Tensor, name: PrimitiveName, definitions: Definitions): Equation | undefined {
  const definition = definitions.get(x);
  const own = definition && knownName(definition.primitive);
  if (own === name) return definition;
  return own === "broadcastTo" || own === "reshape" ? find(definition!.operands[0], name, definitions) : undefined;
}

/** Whether a value is the factor that keeps the squares of a norm in range: a choice between numbers. */
const isRangeFactor = (x: Tensor, definitions: Definitions): boolean =>
  numberOf(x, definitions) !== undefined ||
  (find(x, "where", definitions)
    ?.operands.slice(1)
    .every((branch) => isRangeFactor(branch, definitions)) ??
    false);

/**
 * The operand of the norm that a value is, as `norm` of tensor computes it:
 *
 *   √(Σ (f·x)²)/f, with a factor f that keeps the squares in range, and the root guarded at 0
 */
function operandOfNorm(quotient: Equation, definitions: Definitions): Tensor | undefined {
  const root = find(quotient.operands[0], "where", definitions);
  const sqrt = root && find(root.operands[2], "sqrt", definitions);
  const guarded = sqrt && find(sqrt.operands[0], "where", definitions);
  const sum = guarded && find(guarded.operands[2], "sum", definitions);
  const square = sum && find(sum.operands[0], "integerPow", definitions);
  const scaled = square && find(square.operands[0], "mul", definitions);
  if (!scaled || !find(root.operands[1], "pow", definitions) || !isRangeFactor(quotient.operands[1], definitions))
    return undefined;
  const isWhole = (sum.params as ReduceParams).axes.length === square.output.rank;
  const factor = find(quotient.operands[1], "where", definitions);
  return isWhole && find(scaled.operands[1], "where", definitions) === factor ? scaled.operands[0] : undefined;
}

/** A program with a call of `norm` in place of each norm over all axes of a value. */
export function withNorms({ inputs, equations, outputs, names }: Program): Program {
  const definitions = new Map(equations.map((equation) => [equation.output as Tensor, equation]));
  const replaced = equations.map((equation) => {
    if (knownName(equation.primitive) !== "div") return equation;
    const x = operandOfNorm(equation, definitions);
    return x
      ? { ...equation, primitive: normPrimitive as unknown as Primitive<object>, operands: [x], params: {} }
      : equation;
  });
  return new Program(inputs, replaced, outputs, names);
}
