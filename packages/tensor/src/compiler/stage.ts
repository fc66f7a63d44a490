import { sameShape, sizeOf } from "../array/shape.ts";
import { DenseTensor, type Tensor } from "../array/tensor.ts";
import type { Equation } from "../program/equation.ts";
import type { Program } from "../program/program.ts";
import { roleOf } from "./role.ts";

/** An analysis of a program's values, from which kernels are formed. */
export interface Staged {
  readonly definitions: ReadonlyMap<Tensor, Equation>;
  /** Equations that read a value. */
  readonly consumers: ReadonlyMap<Tensor, readonly Equation[]>;
  /** The stage of each value; only maps of one stage share a kernel. */
  readonly stages: ReadonlyMap<Tensor, number>;
}

/**
 * Divides a program into stages, which decide the kernels and not their order. A map follows the kernels whose results it reads by one
 * stage and joins the stage of other maps of its shape; another kernel belongs to the stage of the values that it reads.
 */
export function stagesOf(program: Program): Staged {
  const definitions = new Map<Tensor, Equation>();
  const consumers = new Map<Tensor, Equation[]>();
  const stages = new Map<Tensor, number>();
  for (const equation of program.equations) {
    definitions.set(equation.output, equation);
    for (const x of new Set(equation.operands)) consumers.set(x, [...(consumers.get(x) ?? []), equation]);
    stages.set(equation.output, stageOf(equation, definitions, stages));
  }
  const staged = { definitions, consumers, stages };
  for (const equation of [...program.equations].reverse()) sink(equation, staged, program.outputs);
  return staged;
}

/**
 * Moves a map to the first of its readers where that keeps no more values alive than before: it reads at most one value of
 * its own size, and without the move its own result would be kept instead of that value.
 */
function sink(
  equation: Equation,
  { consumers, stages }: Staged & { readonly stages: Map<Tensor, number> },
  outputs: readonly Tensor[],
): void {
  const { output, operands } = equation;
  const readers = consumers.get(output) ?? [];
  const joins = (reader: Equation): boolean => roleOf(reader) === "map" && sameShape(reader.output.shape, output.shape);
  if (roleOf(equation) !== "map" || outputs.includes(output) || readers.length === 0 || !readers.every(joins)) return;
  const size = sizeOf(output.shape);
  const large = new Set(operands.filter((x) => sizeOf(x.shape) === size && !(x instanceof DenseTensor)));
  if (large.size <= 1) stages.set(output, Math.min(...readers.map((reader) => stages.get(reader.output)!)));
}

function stageOf(
  equation: Equation,
  definitions: ReadonlyMap<Tensor, Equation>,
  stages: ReadonlyMap<Tensor, number>,
): number {
  const role = roleOf(equation);
  return equation.operands.reduce(
    (latest, x) => {
      const definition = definitions.get(x);
      if (!definition) return latest;
      const stage = stages.get(x)!;
      const joins = role !== "map" || (roleOf(definition) === "map" && sameShape(x.shape, equation.output.shape));
      return Math.max(latest, joins ? stage : stage + 1);
    },
    // A view of an argument exists from the start.
    role === "view" || role === "marker" ? -1 : 0,
  );
}
