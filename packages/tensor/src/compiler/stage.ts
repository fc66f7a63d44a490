import type { Equation, Program } from "../program/program.ts";
import { sameShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** How the compiler treats an equation. */
export type Role = "map" | "view" | "reduce" | "contract" | "scan" | "move";

const structuralRoles: Readonly<Record<string, Role>> = {
  broadcastTo: "view",
  reshape: "view",
  transpose: "view",
  slice: "view",
  flip: "view",
  barrier: "view",
  stopGradient: "view",
  stopTangent: "view",
  stopCotangent: "view",
  sum: "reduce",
  max: "reduce",
  min: "reduce",
  argmax: "reduce",
  dot: "contract",
  cumsum: "scan",
};

/** A primitive with a kernel text is a map, whoever defined it; what is neither that nor known by its shape moves elements. */
export const roleOf = ({ primitive }: Equation): Role =>
  structuralRoles[primitive.name] ?? (primitive.kernel ? "map" : "move");

/** What is known of a program's values before kernels are formed. */
export interface Staged {
  readonly definitions: ReadonlyMap<Tensor, Equation>;
  /** Equations that read a value. */
  readonly consumers: ReadonlyMap<Tensor, readonly Equation[]>;
  /** When a value exists: maps of one stage run before all other kernels of it. */
  readonly stages: ReadonlyMap<Tensor, number>;
}

/**
 * Orders a program in stages. A map follows the kernels whose results it reads by one stage and joins the stage of other maps
 * of its shape; another kernel runs in the stage of what it reads.
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
  return { definitions, consumers, stages };
}

function stageOf(equation: Equation, definitions: ReadonlyMap<Tensor, Equation>, stages: ReadonlyMap<Tensor, number>): number {
  const role = roleOf(equation);
  return equation.operands.reduce(
    (latest, x) => {
      const definition = definitions.get(x);
      if (!definition) return latest;
      const stage = stages.get(x)!;
      const joins = role !== "map" || (roleOf(definition) === "map" && sameShape(x.shape, equation.output.shape));
      return Math.max(latest, joins ? stage : stage + 1);
    },
    // A view of an argument is there from the start.
    role === "view" ? -1 : 0,
  );
}
