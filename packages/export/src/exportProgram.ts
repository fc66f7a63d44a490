import { type DenseTensor, DomainError, isFloat, mustBe, mustBeOneOf, type Program } from "@pushforward/tensor";
import { isHole } from "./opaque.ts";
import { readable } from "./readable.ts";
import type { Target } from "./target.ts";
import { type TargetName, targets } from "./targets.ts";
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
 * @throws DomainError about an unknown target, a program of two float dtypes, and a primitive that the target does not have
 */
export function exportProgram(
  program: Program,
  to: TargetName,
  { name = "program" }: ExportOptions = {},
): ExportedProgram {
  mustBe("exportProgram", "the program", program, "object");
  if (!Object.hasOwn(targets, to)) throw new DomainError(`exportProgram: to ${mustBeOneOf(to, Object.keys(targets))}`);
  const target: Target = targets[to];
  const shorter = readable(program);
  const holes = new Set(
    shorter.equations
      .filter(({ primitive }) => isHole(primitive))
      .map(({ params }) => (params as { hole: string }).hole),
  );
  const written = writeFunction(shorter, target, { name, functions: [...holes] });
  const dtype = floatOf(program);
  const text = writeFile({ target, description: [], dtype, functions: [written.lines] });
  return { text, constants: written.constants };
}

/** The widest float dtype of a program; undefined for a program without floats. */
function floatOf({ inputs, equations }: Program): "float64" | "float32" | undefined {
  const dtypes = new Set(
    [...inputs, ...equations.map(({ output }) => output)].map(({ dtype }) => dtype).filter(isFloat),
  );
  return dtypes.has("float64") ? "float64" : dtypes.has("float32") ? "float32" : undefined;
}

/** A program as source of JAX. */
export const exportJax = (program: Program, options?: ExportOptions): ExportedProgram =>
  exportProgram(program, "jax", options);

/** A program as source of PyTorch. */
export const exportTorch = (program: Program, options?: ExportOptions): ExportedProgram =>
  exportProgram(program, "torch", options);
