import { DenseTensor, type Equation, knownName, type PrimitiveName, type Tensor } from "@pushforward/tensor";

/** The equation of each value that a program computes. */
export type Definitions = ReadonlyMap<Tensor, Equation>;

export const definitionsOf = (equations: readonly Equation[]): Definitions =>
  new Map(equations.map((equation) => [equation.output as Tensor, equation]));

/** The equation of a value behind its views; undefined for inputs and constants. */
export function definitionOf(x: Tensor, definitions: Definitions): Equation | undefined {
  const definition = definitions.get(x);
  const name = definition && knownName(definition.primitive);
  return name === "broadcastTo" || name === "reshape" ? definitionOf(definition!.operands[0], definitions) : definition;
}

/** The equation of a value behind its views, if it is one of a primitive. */
export function definitionBy(name: PrimitiveName, x: Tensor, definitions: Definitions): Equation | undefined {
  const definition = definitionOf(x, definitions);
  return definition && knownName(definition.primitive) === name ? definition : undefined;
}

/** The number that every element of a value is; undefined for other values. */
export function numberOf(x: Tensor, definitions: Definitions): number | undefined {
  if (x instanceof DenseTensor) {
    const [first] = x.buffer;
    return x.buffer.every((value) => Object.is(value, first)) ? first : undefined;
  }
  const definition = definitions.get(x);
  return definition && knownName(definition.primitive) === "broadcastTo"
    ? numberOf(definition.operands[0], definitions)
    : undefined;
}
