import type { Target } from "./target.ts";

/** The parts of a file of Python. */
export interface FileParts {
  readonly target: Target;
  /** Lines of its description, quoted. */
  readonly description: readonly string[];
  /** Float types that the file computes in, where it is bound to some. */
  readonly dtypes?: readonly ("float64" | "float32")[];
  /** Lines of each function. */
  readonly functions: readonly (readonly string[])[];
}

/** The helpers of a target that a text calls. No helper calls another one. */
function helpersIn(text: string, helpers: Readonly<Record<string, string>>): string[] {
  return Object.entries(helpers)
    .filter(([name]) => new RegExp(`(?<![\\w.])${name}\\(`).test(text))
    .map(([, source]) => source);
}

/** A file of Python: description, imports, the check of its dtype, helpers, functions. */
export function writeFile({ target, description, dtypes = [], functions }: FileParts): string {
  const bodies = functions.map((lines) => lines.join("\n"));
  const helpers = helpersIn(bodies.join("\n"), target.helpers);
  const head = [...description, ...(description.length > 0 ? [""] : []), ...target.imports];
  const check = dtypes.flatMap((dtype) => target.check(dtype));
  const parts = [[...head, ...(check.length > 0 ? ["", ...check] : [])].join("\n"), ...helpers, ...bodies];
  return `${parts.join("\n\n\n")}\n`;
}
