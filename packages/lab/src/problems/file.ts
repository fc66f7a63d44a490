import { createHash } from "node:crypto";
import { basename } from "node:path";
import { DomainError } from "@pushforward/tensor";
import { type Problem, type TableSplit, tableProblem } from "@pushforward/training";
import type { TableSettings } from "../settings/dataSettings.ts";
import { readDataFile, readTable } from "./table.ts";

/** Settings of the problem that a file poses. */
export interface FileOptions extends TableSettings, Omit<TableSplit, "scaling"> {
  /** The digest that the file must have. */
  readonly sha256?: string;
}

/**
 * A file of numbers as a problem: columns chosen, rows held out, standardised by the training rows.
 *
 * @throws DomainError that names file, row and column
 */
export function fileProblem(path: string, options: FileOptions): Problem {
  const bytes = readDataFile(path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (options.sha256 !== undefined && options.sha256 !== sha256) {
    throw new DomainError(`data: ${path} has changed since the run began; put the old file back or start a new run`);
  }
  const { heldOut, seed, scale: scaling, sha256: _, ...settings } = options;
  const table = readTable(path, bytes, settings);
  return { ...tableProblem(basename(path), table, { heldOut, seed, scaling }, path), sha256 };
}
