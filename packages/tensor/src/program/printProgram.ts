import { optionsOf } from "../array/mustBe.ts";
import { DenseTensor, type Tensor } from "../array/tensor.ts";
import type { TensorType } from "../array/tensorType.ts";
import { type Equation, mustBeProgram, type ProgramParts, Variable } from "./equation.ts";
import { programNames } from "./programNames.ts";

/** dtype, a star where weak, and shape. */
export const typeText = (x: TensorType): string => `${x.dtype}${x.weak ? "*" : ""}[${x.shape.join(",")}]`;

/** Static parameters as text, in the order in which they were given. */
export const paramsText = (params: object): string => {
  const entries = Object.entries(params);
  return entries.length === 0 ? "" : `[${entries.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(" ")}]`;
};

/** Options of printProgram. */
export interface PrintOptions {
  /** Show source lines, where they were recorded. */
  readonly withSource?: boolean;
  /** A remark behind an equation. */
  readonly annotate?: (equation: Equation) => string | undefined;
}

/**
 * The program as text, one equation a line; values without a recorded name are letters:
 *
 *   { a: float64[3] → c }
 *   b: float64[3] = sin a
 */
export function printProgram(program: ProgramParts, options: PrintOptions = {}): string {
  mustBeProgram("printProgram", program);
  optionsOf("printProgram", options);
  const names = programNames(program);
  const defined = new Set<Tensor>([...program.inputs, ...program.equations.map(({ output }) => output)]);
  const name = (x: Tensor): string => (defined.has(x) ? names.get(x)! : constantText(x));
  const inputs = program.inputs.map((x) => `${name(x)}: ${typeText(x)}`).join(", ");
  const lines = program.equations.map((equation) => {
    const { primitive, operands, params, output, source } = equation;
    const right = [`${primitive.name}${paramsText(params)}`, ...operands.map(name)].join(" ");
    const remark = [options.annotate?.(equation), options.withSource ? source : undefined]
      .filter((text) => text)
      .join("  ");
    return `  ${name(output)}: ${typeText(output)} = ${right}${remark ? `   # ${remark}` : ""}`;
  });
  return [`{ ${inputs} → ${program.outputs.map(name).join(", ")} }`, ...lines].join("\n");
}

/** A constant: its number, or its type. */
export function constantText(x: Tensor): string {
  if (x instanceof DenseTensor && x.size === 1 && x.rank === 0) return String(x.buffer[0]);
  return x instanceof Variable ? "?" : `const ${typeText(x)}`;
}
