import { sameShape } from "../array/shape.ts";
import { DenseTensor, type Tensor } from "../array/tensor.ts";
import { knownName, type PrimitiveName, primitiveOf } from "../primitives/index.ts";
import type { Primitive } from "../primitives/primitive.ts";
import type { Equation } from "../program/equation.ts";

/** Equations by the variable they define. */
export type Definitions = ReadonlyMap<Tensor, Equation>;

/** A rule gives a value that the equation equals, a cheaper equation, or undefined. */
type Rule = (equation: Equation, definitions: Definitions) => Tensor | Equation | undefined;

/** The number that every element of a value is known to be: a constant, or a broadcast of one. */
function uniformValue(x: Tensor, definitions: Definitions): number | undefined {
  if (x instanceof DenseTensor) {
    if (x.buffer.length === 0) return undefined;
    if (x.buffer.length === 1) return x.buffer[0];
    return x.buffer.length <= 1024 && x.buffer.every((value) => Object.is(value, x.buffer[0]))
      ? x.buffer[0]
      : undefined;
  }
  const definition = definitions.get(x);
  return definition && knownName(definition.primitive) === "broadcastTo"
    ? uniformValue(definition.operands[0], definitions)
    : undefined;
}

/** x where the other operand is the neutral number, with its sign: x − 0 is x, but x + 0 turns −0 into 0. */
const neutral =
  (value: number, sides: readonly (0 | 1)[]): Rule =>
  ({ operands, output }, definitions) => {
    const side = sides.find(
      (i) => Object.is(uniformValue(operands[i], definitions), value) && operands[1 - i].weak === output.weak,
    );
    return side === undefined ? undefined : operands[1 - side];
  };

/** The operand itself where the operation changes nothing. */
const unchanged = ({ operands: [x], output }: Equation): Tensor | undefined =>
  sameShape(x.shape, output.shape) && x.weak === output.weak && x.dtype === output.dtype ? x : undefined;

/** f(f(x)) as one application. */
const merge =
  (combine: (inner: Equation, outer: Equation) => object | "identity"): Rule =>
  (outer, definitions) => {
    const inner = definitions.get(outer.operands[0]);
    if (inner?.primitive !== outer.primitive) return undefined;
    const params = combine(inner, outer);
    if (params === "identity") return inner.operands[0].weak === outer.output.weak ? inner.operands[0] : undefined;
    const merged = { ...outer, operands: inner.operands, params };
    return unchangedMove(merged) ?? merged;
  };

/** The operand of a merged transpose or reshape that changes nothing. */
function unchangedMove(equation: Equation): Tensor | undefined {
  const { permutation } = equation.params as { permutation?: readonly number[] };
  if (permutation) return permutation.every((axis, i) => axis === i) ? unchanged(equation) : undefined;
  return unchanged(equation);
}

const withPrimitive = (
  equation: Equation,
  primitive: Primitive<object>,
  operands: readonly Tensor[],
  params: object = {},
): Equation => ({
  ...equation,
  primitive,
  operands,
  params,
});

const rules: Partial<Record<PrimitiveName, readonly Rule[]>> = {
  // x + (−0) = x for every x, while x + 0 turns −0 into 0.
  add: [neutral(-0, [0, 1])],
  sub: [neutral(0, [1])],
  mul: [
    neutral(1, [0, 1]),
    (equation, definitions) => {
      const side = equation.operands.findIndex(
        (x, i) => uniformValue(x, definitions) === -1 && equation.operands[1 - i].weak === equation.output.weak,
      );
      return side < 0 ? undefined : withPrimitive(equation, primitiveOf("neg"), [equation.operands[1 - side]]);
    },
  ],
  div: [neutral(1, [1])],
  neg: [merge(() => "identity")],
  not: [merge(() => "identity")],
  integerPow: [
    ({ operands: [x], params, output }) =>
      (params as { n: number }).n === 1 && x.weak === output.weak ? x : undefined,
  ],
  broadcastTo: [unchanged, merge((_, outer) => outer.params)],
  reshape: [unchanged, merge((_, outer) => outer.params)],
  transpose: [
    merge((inner, outer) => {
      const [first, then] = [inner, outer].map(
        ({ params }) => (params as { permutation: readonly number[] }).permutation,
      );
      return { permutation: then.map((axis) => first[axis]) };
    }),
  ],
  cast: [unchanged],
  sum: [
    (equation) =>
      (equation.params as { axes: readonly number[] }).axes.length === 0 ? unchanged(equation) : undefined,
  ],
  concat: [(equation) => (equation.operands.length === 1 ? unchanged(equation) : undefined)],
  slice: [unchanged],
  pad: [unchanged],
  where: [
    ({ operands: [condition, x, y], output }, definitions) => {
      const value = uniformValue(condition, definitions);
      const chosen = value === undefined ? undefined : value ? x : y;
      return chosen?.weak === output.weak ? chosen : undefined;
    },
  ],
};

/** The result of the first algebraic identity that applies: all of them hold bit for bit, NaN and −0 included. */
export function rewrite(equation: Equation, definitions: Definitions): Tensor | Equation {
  const name = knownName(equation.primitive);
  for (const rule of (name && rules[name]) ?? []) {
    const result = rule(equation, definitions);
    if (result) return result;
  }
  return equation;
}
