import { type DenseTensor, isFloat, mustBe, type Program } from "@pushforward/tensor";
import { isHole } from "./opaque.ts";
import { readable } from "./readable.ts";
import { type TargetName, targetOf } from "./targets.ts";
import { writeFile } from "./writeFile.ts";
import { writeFunction } from "./writeFunction.ts";

/** Options of exportProgram. */
export interface ExportOptions {
  /** Name of the function; default `program`. */
  readonly name?: string;
}

/** A program as source: the text of a file, and the large constants that its function takes as its last parameters, by their names. */
export interface ExportedProgram {
  readonly text: string;
  readonly constants: ReadonlyMap<string, DenseTensor>;
}

/**
 * A program as source of a framework: one function of the inputs of the program. Equations that compute constants and equal equations are
 * left out; all others are computed in their order.
 *
 * @throws DomainError about an unknown target, and a primitive that the target does not have
 */
export function exportProgram(
  program: Program,
  to: TargetName,
  { name = "program" }: ExportOptions = {},
): ExportedProgram {
  mustBe("exportProgram", "the program", program, "object");
  const target = targetOf("exportProgram", to);
  const shorter = readable(program);
  const holes = new Set(
    shorter.equations
      .filter(({ primitive }) => isHole(primitive))
      .map(({ params }) => (params as { hole: string }).hole),
  );
  const written = writeFunction(shorter, target, { name, functions: [...holes] });
  const text = writeFile({ target, description: [], dtypes: floatsOf(program), functions: [written.lines] });
  return { text, constants: written.constants };
}

/** The float dtypes of a program. */
function floatsOf({ inputs, equations }: Program): ("float64" | "float32")[] {
  const dtypes = [...inputs, ...equations.map(({ output }) => output)].map(({ dtype }) => dtype);
  return [...new Set(dtypes.filter(isFloat))];
}

/** A program as source of JAX. */
export const exportJax = (program: Program, options?: ExportOptions): ExportedProgram =>
  exportProgram(program, "jax", options);

/** A program as source of PyTorch. */
export const exportTorch = (program: Program, options?: ExportOptions): ExportedProgram =>
  exportProgram(program, "torch", options);
