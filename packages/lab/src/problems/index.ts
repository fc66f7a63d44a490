import { statSync } from "node:fs";
import { DomainError, didYouMean, quote } from "@pushforward/tensor";
import { builtinProblems, type Problem, pictureProblems, problemNames } from "@pushforward/training";
import { fileError } from "../run/atomicFile.ts";
import { componentsOf, tableSettingNames } from "../settings/dataSettings.ts";
import { type FileOptions, fileProblem } from "./file.ts";
import { isDataFile, isFormatOfFiles, ownData } from "./formats.ts";

/**
 * A problem by its name, or the problem that a file poses.
 *
 * @param data an embedded name, or the path of a file with one of the known endings or of a folder
 * @throws DomainError that names what there is
 */
export function loadProblem(data: string, options: FileOptions): Problem {
  if (isFormatOfFiles(data) || (isDataFile(data) && isFolder(data))) return fileProblem(data, options);
  if (!Object.hasOwn(builtinProblems, data)) {
    throw new DomainError(
      `data: must be one of ${problemNames.join(", ")}, ${ownData}, got ${quote(data)}${remedyFor(data)}`,
    );
  }
  const isPicture = Object.hasOwn(pictureProblems, data);
  const unusable = tableSettingNames.find(
    (setting) => options[setting] !== undefined && !(isPicture && ofCoordinates.includes(setting)),
  );
  if (unusable !== undefined) {
    const lacks = unusable === "columns" ? "has no columns to choose" : "is read from no file";
    throw new DomainError(`data: ${data} is generated and ${lacks}; leave --${unusable} out`);
  }
  const { scale, latent } = options;
  return isPicture
    ? pictureProblems[data]({ scaling: scale, components: componentsOf(latent) })
    : builtinProblems[data]();
}

/** Settings of tables that embedded pictures have too. */
const ofCoordinates: readonly (typeof tableSettingNames)[number][] = ["scale", "latent"];

/** Whether there is a folder at this path. */
function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    throw fileError("data", path, error);
  }
}

/** Advice about data that are neither a known problem nor a file of a known format. */
function remedyFor(data: string): string {
  if (/\.(gz|zip|bz2|xz|zst)$/i.test(data)) return "; unpack it first";
  return !isDataFile(data) && isFolder(data) ? `; say ./${data} for the folder` : didYouMean(data, problemNames);
}
