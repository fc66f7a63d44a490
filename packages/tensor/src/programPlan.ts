import { splitProgram } from "./backends/gpujs/hostPart.ts";
import { gpujsSources } from "./backends/gpujs/lowerPlan.ts";
import { buildPlan } from "./compiler/buildPlan.ts";
import type { Kernel } from "./compiler/plan.ts";
import { printPlan } from "./compiler/printPlan.ts";
import { simplify } from "./compiler/simplify.ts";
import { mustBeProgram } from "./program/equation.ts";
import type { Program } from "./program/program.ts";

/** The kernels that the compiler makes of a program, for reading. */
export interface ProgramPlan {
  /** Launches of a compiled backend, in order. */
  readonly kernels: readonly Pick<Kernel, "kind" | "equations">[];
  /** Kernels as text: what is fused in them, the bytes they move and their operations. */
  print(): string;
  /**
   * Sources of the kernels that gpu.js runs, each once, in order of first use: they follow from the plan alone.
   *
   * @throws BackendError for what a GPU cannot do
   */
  sources(backend: "gpujs"): string[];
}

/** The plan of a program, e.g. `plan(trace(f)(x)).sources("gpujs")`. */
export function plan(program: Program): ProgramPlan {
  mustBeProgram("plan", program);
  const simplified = simplify(program);
  const built = buildPlan(simplified);
  return {
    kernels: built.kernels,
    print: () => printPlan(built),
    sources: () => gpujsSources(buildPlan(splitProgram(simplified).device)),
  };
}
