import type { Tensor } from "../array/tensor.ts";
import type { LabelParams } from "../primitives/marker.ts";
import { constantsOf, type Equation, mustBeProgram, type ProgramParts } from "./equation.ts";

/** Letters in order: a, b, … z, aa, ab, … */
export function letterName(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : letterName(Math.floor(index / 26) - 1) + letter;
}

/** Words that a printed program uses for constants. */
const constantWords = /^(?:NaN|Infinity|const)$/;

/** A name that a printed program can show without quotes: neither a number nor a constant, without spaces and punctuation. */
function readable(name: string): string {
  const text = name.replaceAll(/<[^<>]* (\d+)>/g, "[$1]").replaceAll(/[^\p{L}\p{M}\p{N}_.[\]′∇∂]/gu, "_");
  return /^[\p{L}_∇∂]/u.test(text) && !constantWords.test(text) ? text : `_${text}`;
}

/** The name of a value before numbering: the recorded name, or for a stopped value the label of the stop. */
const proposedName = (program: ProgramParts, { primitive, params, output }: Equation): string | undefined =>
  program.names?.get(output) ?? (primitive.role === "marker" ? (params as Partial<LabelParams>).label : undefined);

/**
 * One name for each value of a program: the recorded name, otherwise the next free letter. Equal recorded names are numbered
 * (U, U_2, …), inputs first. Constants get letters after all other values.
 */
export function programNames(program: ProgramParts): ReadonlyMap<Tensor, string> {
  mustBeProgram("programNames", program);
  const given = new Map<Tensor, string>();
  const taken = new Set<string>();
  const give = (x: Tensor, name: string | undefined): void => {
    if (name === undefined || given.has(x)) return;
    const base = readable(name);
    let unique = base;
    for (let count = 2; taken.has(unique); count++) unique = `${base}_${count}`;
    taken.add(unique);
    given.set(x, unique);
  };
  for (const input of program.inputs) give(input, program.names?.get(input));
  for (const equation of program.equations) give(equation.output, proposedName(program, equation));
  let next = 0;
  const freeLetter = (): string => {
    while (taken.has(letterName(next))) next++;
    return letterName(next++);
  };
  const all = [...program.inputs, ...program.equations.map(({ output }) => output), ...constantsOf(program)];
  return new Map(all.map((x) => [x, given.get(x) ?? freeLetter()]));
}
