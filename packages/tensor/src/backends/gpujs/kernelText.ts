import { type GpuFunction, printGpuFunction, withCallees } from "../../expression/index.ts";

/** A kernel for gpu.js as text. */
export interface KernelText {
  /** A function of arrays; one call computes one element. */
  readonly source: string;
  /** Functions that it calls, callees first. */
  readonly functions: readonly GpuFunction[];
  /** Threads along x, y and z: the last axis of the result first. */
  readonly output: readonly number[];
  /** A matrix product that a tiled kernel may compute instead. */
  readonly product?: MatrixProduct;
}

/** An [m, k] × [k, n] product of two arrays: element (i, p) of the left is at offset + i·rows + p·columns. */
export interface MatrixProduct {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly left: MatrixPlace;
  readonly right: MatrixPlace;
}

/** Where the elements of a matrix are. */
export interface MatrixPlace {
  /** The kernel's parameter. */
  readonly array: string;
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

/** A kernel of arrays a0, a1, … from its statements. */
export function kernelText(
  arity: number,
  lines: readonly string[],
  output: readonly number[],
  functions: readonly GpuFunction[] = [],
): KernelText {
  const parameters = Array.from({ length: arity }, (_, i) => `a${i}`).join(", ");
  const body = indented(lines).join("\n");
  return { source: `function (${parameters}) {\n${body}\n}`, functions: withCallees(functions), output };
}

/** Lines as deep as the braces around them. */
function indented(lines: readonly string[]): string[] {
  let depth = 1;
  return lines.map((line) => {
    if (line.startsWith("}")) depth--;
    const text = `${"  ".repeat(depth)}${line}`;
    if (line.endsWith("{")) depth++;
    return text;
  });
}

/** The kernel as a person reads it: its functions, its source, and how many threads run it. */
export const printKernel = ({ source, functions, output }: KernelText): string =>
  [...functions.map(printGpuFunction), source, `// threads [${output.join(", ")}]`].join("\n");
