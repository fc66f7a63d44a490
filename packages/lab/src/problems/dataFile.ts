import { createHash } from "node:crypto";
import { readFileSync, type Stats, statSync } from "node:fs";
import { DomainError } from "@pushforward/tensor";
import { fileError } from "../run/atomicFile.ts";

/** Largest files that are read, in bytes. */
export const maxBytes = { text: 400_000_000, binary: 2_000_000_000 };

/**
 * The bytes of a data file.
 *
 * @throws DomainError that names the file if it cannot be read, is no file on a disk, is empty, or is too large
 */
export function readDataFile(path: string, most: number): Buffer {
  try {
    checkFile(path, statSync(path), most);
    const bytes = readFileSync(path);
    if (bytes.length === 0) throw new DomainError(`data: ${path} is empty; it must hold rows of numbers`);
    return bytes;
  } catch (error) {
    throw fileError("data", path, error);
  }
}

function checkFile(path: string, stats: Stats, most: number): void {
  if (!stats.isFile() && !stats.isDirectory()) {
    throw new DomainError(`data: ${path} must be a file, got a pipe or a device; save its content to a file first`);
  }
  if (stats.size <= most) return;
  const remedy = most < maxBytes.binary ? "save it as .npy" : "save fewer rows or columns, or float32";
  throw new DomainError(
    `data: ${path} must be smaller than ${most / 1e6} MB, got ${Math.round(stats.size / 1e6)} MB; ${remedy}`,
  );
}

/** SHA-256 of bytes or texts one after the other, in hexadecimal digits. */
export const digestOf = (...parts: readonly (string | Uint8Array)[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");
