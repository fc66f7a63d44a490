import { DomainError } from "@pushforward/tensor";
import { builtinProblems } from "./builtin.ts";
import { type FileOptions, fileProblem } from "./file.ts";
import type { Problem } from "./problem.ts";
import { isDataFile } from "./table.ts";

/** Names of the embedded problems. */
export const problemNames = Object.keys(builtinProblems);

/**
 * A problem by its name, or the problem that a file poses.
 *
 * @param data an embedded name, or the path of a .csv or .npy file
 * @throws DomainError that names what there is
 */
export function loadProblem(data: string, options: FileOptions): Problem {
  if (isDataFile(data)) return fileProblem(data, options);
  if (!Object.hasOwn(builtinProblems, data)) {
    throw new DomainError(
      `data: must be a .csv or .npy file or one of ${problemNames.join(", ")}, got ${JSON.stringify(data)}`,
    );
  }
  if (options.columns) {
    throw new DomainError(`data: ${data} is generated and has no columns to choose; leave --columns out`);
  }
  return builtinProblems[data]();
}
