import { optionsOf } from "../array/mustBe.ts";
import { DenseTensor, type Tensor } from "../array/tensor.ts";
import type { TensorType } from "../array/tensorType.ts";
import { type Equation, mustBeProgram, type ProgramParts, Variable } from "./equation.ts";

/** Names of variables in order: a, b, … z, aa, ab, … */
export function variableName(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : variableName(Math.floor(index / 26) - 1) + letter;
}

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
 * The program as text, one equation a line:
 *
 *   { a: float64[3] → c }
 *   b: float64[3] = sin a
 */
export function printProgram(program: ProgramParts, options: PrintOptions = {}): string {
  mustBeProgram("printProgram", program);
  optionsOf("printProgram", options);
  const names = new Map<Tensor, string>();
  const name = (x: Tensor): string => names.get(x) ?? constantText(x);
  for (const input of program.inputs) names.set(input, variableName(names.size));
  const inputs = program.inputs.map((x) => `${name(x)}: ${typeText(x)}`).join(", ");
  const lines = program.equations.map((equation) => {
    const { primitive, operands, params, output, source } = equation;
    const right = [`${primitive.name}${paramsText(params)}`, ...operands.map(name)].join(" ");
    names.set(output, variableName(names.size));
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
