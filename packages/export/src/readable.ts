import {
  type Equation,
  knownName,
  mergeEqual,
  type Primitive,
  type PrimitiveName,
  Program,
  primitiveOf,
  simplify,
  type Tensor,
} from "@pushforward/tensor";
import { type Definitions, numberOf } from "./definitions.ts";
import { isHole } from "./opaque.ts";

/** The program with the primitive of every equation replaced. */
const mapPrimitives = (
  { inputs, equations, outputs, names }: Program,
  replace: (primitive: Primitive<object>) => Primitive<object>,
): Program =>
  new Program(
    inputs,
    equations.map((equation) => ({ ...equation, primitive: replace(equation.primitive) })),
    outputs,
    names,
  );

/** Simplifies a program and keeps its stop-gradients and opaque functions, which have a meaning for derivatives only, or no values. */
function simplifyAround(program: Program): Program {
  const kept = new Map<Primitive<object>, Primitive<object>>();
  const originals = new Map<Primitive<object>, Primitive<object>>();
  const keep = (primitive: Primitive<object>): Primitive<object> => {
    if (primitive !== primitiveOf("stopGradient") && !isHole(primitive)) return primitive;
    const copy = kept.get(primitive) ?? { ...primitive, isOpaque: true };
    kept.set(primitive, copy);
    originals.set(copy, primitive);
    return copy;
  };
  return mapPrimitives(simplify(mapPrimitives(program, keep)), (primitive) => originals.get(primitive) ?? primitive);
}

/**
 * An equivalent program as a person would write it: equal equations merged, constants folded, x·1, x + 0 and x + (−y) shortened, and x·x
 * as a square. Stop-gradients stay. A sum with 0 may have another sign of zero.
 */
export const readable = (program: Program): Program => mergeEqual(shortened(simplifyAround(mergeEqual(program))));

/** The same for a program whose derivative is not taken any more: stop-gradients are left out. */
export const readableValues = (program: Program): Program => mergeEqual(shortened(simplify(program)));

/** A shorter equation, or a value that the equation equals. */
type Shorter = Tensor | Pick<Equation, "primitive" | "operands" | "params"> | undefined;

/** Shortens one equation. */
type Rule = (operands: readonly Tensor[], definitions: Definitions) => Shorter;

/** The operand of a negation. */
const negated = (x: Tensor, definitions: Definitions): Tensor | undefined => {
  const definition = definitions.get(x);
  return definition && knownName(definition.primitive) === "neg" ? definition.operands[0] : undefined;
};

const equationOf = (name: PrimitiveName, operands: readonly Tensor[], params: object = {}): Shorter => ({
  primitive: primitiveOf(name),
  operands,
  params,
});

const rules: { readonly [P in PrimitiveName]?: Rule } = {
  add([x, y], definitions) {
    if (numberOf(x, definitions) === 0) return y;
    if (numberOf(y, definitions) === 0) return x;
    const [minusX, minusY] = [negated(x, definitions), negated(y, definitions)];
    if (minusY) return equationOf("sub", [x, minusY]);
    return minusX ? equationOf("sub", [y, minusX]) : undefined;
  },
  sub([x, y], definitions) {
    const minusY = negated(y, definitions);
    if (minusY) return equationOf("add", [x, minusY]);
    return numberOf(x, definitions) === 0 ? equationOf("neg", [y]) : undefined;
  },
  mul([x, y], definitions) {
    if (x === y) return equationOf("integerPow", [x], { n: 2 });
    return numberOf(y, definitions) === -1 ? equationOf("neg", [x]) : undefined;
  },
};

function shortened({ inputs, equations, outputs, names }: Program): Program {
  const replaced = new Map<Tensor, Tensor>();
  const definitions = new Map<Tensor, Equation>();
  const kept: Equation[] = [];
  const read = (x: Tensor): Tensor => replaced.get(x) ?? x;
  for (const equation of equations) {
    const operands = equation.operands.map(read);
    const name = knownName(equation.primitive);
    const shorter = (name && rules[name]?.(operands, definitions)) || { ...equation, operands };
    if ("primitive" in shorter) {
      const next = { ...equation, ...shorter };
      definitions.set(equation.output, next);
      kept.push(next);
    } else replaced.set(equation.output, shorter);
  }
  const moved = [...names].map(([x, name]) => [read(x), name] as const);
  return new Program(inputs, kept, outputs.map(read), new Map(moved));
}
