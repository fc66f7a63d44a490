import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { DomainError } from "@pushforward/tensor";
import { fileError } from "./atomicFile.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { claimFolder, FolderHeldError } from "./claim.ts";
import { logEndOf } from "./logEnd.ts";
import { mendMetrics } from "./metricsLog.ts";
import { runFiles } from "./runFolder.ts";

/**
 * Removes the leftovers of a killed process from the folder of a run and from the runs inside it: partial files, claims of processes
 * that have ended, an incomplete last line of metrics. A folder into which another process writes is left alone.
 *
 * @returns one sentence for each repair that changed a file of the run
 * @throws DomainError that names a file that cannot be read or removed
 */
export function mendRun(path: string): string[] {
  const entries = entriesOf(path);
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const notes = files.includes("config.json") ? mendAlone(path) : [];
  const folders = entries.filter((entry) => entry.isDirectory());
  return [...notes, ...folders.flatMap(({ name }) => mendRun(join(path, name)))];
}

function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    throw fileError("run", path, error);
  }
}

function mendAlone(path: string): string[] {
  try {
    const claim = claimFolder(path); // takes over the claim of a process that has ended, and removes partial files
    try {
      return mendedMetrics(path);
    } finally {
      claim.release();
    }
  } catch (error) {
    if (error instanceof FolderHeldError) return [];
    throw fileError("run", path, error);
  }
}

function mendedMetrics(path: string): string[] {
  const { metrics, checkpoint } = runFiles(path);
  try {
    const note = mendMetrics(metrics, () => logEndOf(readCheckpoint(checkpoint)?.metadata));
    return note === undefined ? [] : [note];
  } catch (error) {
    if (error instanceof DomainError) return []; // the training reports a damaged file, with everything that depends on it
    throw error;
  }
}
