import { knownName, type PrimitiveName, type Program, type Tensor } from "@pushforward/tensor";
import { type Definitions, definitionBy, definitionOf, definitionsOf, numberOf } from "./definitions.ts";
import { type HoleParams, isHole } from "./opaque.ts";

/** The parts of a program that names depend on. */
interface Parts {
  readonly definitions: Definitions;
  readonly names: ReadonlyMap<Tensor, string>;
}

/** The operands of the equation of a primitive that defines a value. */
const operandsOf = (x: Tensor, primitive: PrimitiveName, { definitions }: Parts): readonly Tensor[] | undefined =>
  definitionBy(primitive, x, definitions)?.operands;

/** The recorded name of a value behind views. */
function nameAt(x: Tensor, parts: Parts): string | undefined {
  const definition = parts.definitions.get(x);
  return definition
    ? definitionOf(x, parts.definitions)
      ? undefined
      : nameAt(definition.operands[0], parts)
    : parts.names.get(x);
}

/** The end of a step in time: t of t − s, 1 of 1 − s. */
function endOf(step: Tensor, parts: Parts): string | undefined {
  const [end] = operandsOf(step, "sub", parts) ?? [];
  if (end === undefined) return undefined;
  return numberOf(end, parts.definitions) === 1 ? "1" : nameAt(end, parts);
}

/** The opaque function that a value is the result of. */
const holeOf = (x: Tensor, { definitions }: Parts): string | undefined => {
  const definition = definitions.get(x);
  return definition && isHole(definition.primitive) ? (definition.params as HoleParams).hole : undefined;
};

/** The name of x + (t − s)·u(x, s, t), a point that was moved to the time t: `x_t`, or `X` at the time 1, the end of the data. */
function movedName(
  [, moved]: readonly Tensor[],
  parts: Parts,
  results: Readonly<Record<string, string>>,
): string | undefined {
  const [a, b] = operandsOf(moved, "mul", parts) ?? [];
  if (a === undefined) return undefined;
  const [step, hole] = holeOf(b, parts) ? [a, holeOf(b, parts)] : [b, holeOf(a, parts)];
  const end = hole && endOf(step, parts);
  if (!hole || !end) return undefined;
  const point = end === "1" ? "X" : `x_${end}`;
  return hole === "u" ? point : `${point}_${results[hole]?.replace(/^[A-Za-z]+_/, "") ?? hole}`;
}

/** The name of t·a + (1 − t)·b, a point on the line between two points: `x_t`. */
function lineName([first, second]: readonly Tensor[], parts: Parts): string | undefined {
  const [time] = operandsOf(first, "mul", parts) ?? [];
  const [rest] = operandsOf(second, "mul", parts) ?? [];
  const [one, end] = (rest && operandsOf(rest, "sub", parts)) ?? [];
  if (time === undefined || one === undefined || numberOf(one, parts.definitions) !== 1) return undefined;
  const name = nameAt(time, parts);
  return name !== undefined && name === nameAt(end, parts) ? `x_${name}` : undefined;
}

/**
 * Names of the points that a loss computes: moved along a velocity, or on the line between two points.
 *
 * @param results names of the results of functions
 */
export function pointNames(program: Program, results: Readonly<Record<string, string>>): ReadonlyMap<Tensor, string> {
  const definitions = definitionsOf(program.equations);
  const parts = { definitions, names: program.names };
  const found = new Map<Tensor, string>();
  for (const { primitive, operands, output } of program.equations) {
    if (knownName(primitive) !== "add" || output.rank === 0) continue;
    const name = movedName(operands, parts, results) ?? lineName(operands, parts);
    if (name !== undefined) found.set(output, name);
  }
  return found;
}
