import { DomainError, didYouMean, quote } from "@pushforward/tensor";
import { builtinProblems, type Problem, problemNames } from "@pushforward/training";
import { tableSettingNames } from "../settings/dataSettings.ts";
import { type FileOptions, fileProblem } from "./file.ts";
import { dataEndings, isDataFile } from "./table.ts";

/**
 * A problem by its name, or the problem that a file poses.
 *
 * @param data an embedded name, or the path of a file with one of the known endings
 * @throws DomainError that names what there is
 */
export function loadProblem(data: string, options: FileOptions): Problem {
  if (isDataFile(data)) return fileProblem(data, options);
  if (!Object.hasOwn(builtinProblems, data)) {
    throw new DomainError(
      `data: must be a ${dataEndings} file or one of ${problemNames.join(", ")}, got ${quote(data)}${remedyFor(data)}`,
    );
  }
  const unusable = tableSettingNames.find((setting) => options[setting] !== undefined);
  if (unusable !== undefined) {
    const lacks = unusable === "columns" ? "has no columns to choose" : "is read from no file";
    throw new DomainError(`data: ${data} is generated and ${lacks}; leave --${unusable} out`);
  }
  return builtinProblems[data]();
}

/** Advice about data that are neither a known problem nor a file of a known format. */
const remedyFor = (data: string): string =>
  /\.(gz|zip|bz2|xz|zst)$/i.test(data) ? "; unpack it first" : didYouMean(data, problemNames);
