import { existsSync, mkdirSync, readdirSync, rmdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileError } from "./atomicFile.ts";

/**
 * Makes a folder with its parents, one by one: the recursive mkdir of Node never ends on /proc.
 *
 * @param operation begins the message of an error
 * @returns the folders that had to be made, parents first
 * @throws DomainError if a folder cannot be made or the path is a file
 */
export function makeFolder(operation: string, path: string): string[] {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.unshift(at);
  try {
    if (missing.length === 0) readdirSync(path); // a file is no folder
    for (const folder of missing) mkdirSync(folder);
  } catch (error) {
    removeFolders(missing);
    throw fileError(operation, path, error);
  }
  return missing;
}

/** Removes folders that were just made, as far as they are empty. */
export function removeFolders(made: readonly string[]): void {
  for (const folder of made.toReversed()) {
    try {
      rmdirSync(folder);
    } catch {
      // The folder was never made, or is no longer empty.
    }
  }
}
