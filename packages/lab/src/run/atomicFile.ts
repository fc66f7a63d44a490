import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DomainError } from "@pushforward/tensor";
import { type WriteBytes, writeWhole } from "./writeWhole.ts";

/** The ending of a file's name while the file is being written; a file with this ending is a leftover of a killed run. */
export const partialSuffix = ".partial";

/** Settings of {@link writeFileAtomic}. */
export interface AtomicOptions {
  /**
   * The claim of the folder, for files that a process must not replace once another process has taken the folder over. The name of
   * the partial file carries the claim, the claim is checked when the partial file is written, and taking over removes partial files:
   * a process that was stopped in between finds its partial file gone.
   */
  readonly claim?: { readonly token: string; check(): void };
  /** Does one write to the disk; for tests. */
  readonly write?: WriteBytes;
}

/**
 * Writes a file atomically: a temporary file in the same folder is forced to the disk and renamed. At every moment either the old
 * content or the new content is there, whole. Only one process may write at a time.
 *
 * @throws DomainError that names the file if it cannot be written, or the claim if it is lost; the old content stays
 */
export function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  { claim, write }: AtomicOptions = {},
): void {
  const partial = `${path}${claim ? `.${claim.token}` : ""}${partialSuffix}`;
  try {
    writeToDisk(partial, typeof content === "string" ? Buffer.from(content, "utf8") : content, write);
    claim?.check();
    renameSync(partial, path);
    syncFolder(dirname(path));
  } catch (error) {
    removeQuietly(partial);
    throw fileError("write", path, error);
  }
}

/** An error of the file system as a DomainError, which names the operation, the file and the reason. */
export function fileError(operation: string, path: string, error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = (code && reasons[code]) ?? message;
  return new DomainError(`${operation}: cannot use ${path}: ${reason}`, { cause: error });
}

const reasons: Record<string, string> = {
  EACCES: "permission denied; choose a folder you may write to",
  EPERM: "permission denied; choose a folder you may write to",
  EROFS: "the disk is read-only; choose another folder",
  ENOSPC: "the disk is full; free some space and resume",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a file stands where a folder is needed; choose another path",
  EEXIST: "a file stands where a folder is needed; choose another path",
  EISDIR: "it is a folder; name a file",
  EDQUOT: "the disk quota is used up; free some space and resume",
  EFBIG: "the file would be larger than the system allows",
};

function writeToDisk(path: string, bytes: Uint8Array, write?: WriteBytes): void {
  const file = openSync(path, "w");
  try {
    writeWhole(file, bytes, write);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes a rename last through a power cut. Windows cannot open folders: there the rename alone must do. */
function syncFolder(path: string): void {
  let folder: number | undefined;
  try {
    folder = openSync(path, "r");
    fsyncSync(folder);
  } catch (error) {
    if (!["EISDIR", "EPERM", "EACCES", "EINVAL"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    if (folder !== undefined) closeSync(folder);
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The first error is the one to report.
  }
}
