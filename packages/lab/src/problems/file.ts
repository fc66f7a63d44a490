import { basename } from "node:path";
import { DomainError } from "@pushforward/tensor";
import { type Problem, type TableSplit, tableProblem } from "@pushforward/training";
import { componentsOf, type TableSettings } from "../settings/dataSettings.ts";
import { digestOf } from "./dataFile.ts";
import type { FileTable } from "./fileTable.ts";
import { isFormatOfFiles, openData } from "./formats.ts";
import type { OpenedData } from "./openedData.ts";
import { arrayLabels } from "./rowLabels.ts";

/** Settings of the problem that a file poses. */
export interface FileOptions extends TableSettings, Pick<TableSplit, "heldOut" | "seed"> {
  /** The digest that the data must have. */
  readonly sha256?: string;
}

/**
 * A file of numbers or a folder of pictures as a problem: columns chosen, rows held out, scaled by the training rows, with labels where there are
 * any.
 *
 * @throws DomainError that names file, row and column
 */
export function fileProblem(path: string, options: FileOptions): Problem {
  const { heldOut, seed, scale: scaling, latent, labels, sha256: known, ...settings } = options;
  const data = openData(path);
  const labelFile = labels !== undefined && isFormatOfFiles(labels) ? openData(labels) : undefined;
  const sha256 = labels === undefined ? data.sha256 : digestOf(data.sha256, labelFile?.sha256 ?? labels);
  if (known !== undefined && known !== sha256) {
    const what = labelFile ? `${path} or its labels, ${labels},` : path;
    throw new DomainError(`data: ${what} has changed since the run began; put the old file back or start a new run`);
  }
  const table = labelFile ? labelled(labels!, labelFile, data.table(settings)) : data.table(settings, labels);
  const split = { heldOut, seed, scaling, components: componentsOf(latent) };
  return { ...tableProblem(basename(path), table, split, path), sha256 };
}

/** A table with the labels of a file. */
function labelled(path: string, file: OpenedData, table: FileTable): FileTable {
  if (table.labels) throw new DomainError(`data: the folder names the classes of its pictures; leave --labels out`);
  if (!file.array) {
    throw new DomainError(`data: labels must be a file of one array, .npy or IDX, got ${path}; save them as .npy`);
  }
  return { ...table, labels: arrayLabels(path, file.array(), table) };
}
