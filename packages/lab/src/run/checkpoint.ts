import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { DomainError, formatSafetensors, parseSafetensors, type Tensor } from "@pushforward/tensor";
import { type AtomicOptions, fileError, writeFileAtomic } from "./atomicFile.ts";

/** The state of a run after some steps. */
export interface Checkpoint {
  /** Optimiser steps done. */
  readonly step: number;
  /** Parameters, optimiser state, averages … by name. */
  readonly tensors: Record<string, Tensor>;
  /** Further facts that the run must remember, as text. The names "step" and "sha256" are taken. */
  readonly metadata?: Record<string, string>;
}

/** Placeholder of the digest in the file while the digest is computed. */
const blank = "0".repeat(64);

/**
 * Writes a checkpoint as a safetensors file. The previous one stays until the new one is whole.
 *
 * @param claim of the run's folder, for a training: it stops writing once another process has taken the folder over
 * @throws DomainError that names the file if it cannot be written
 */
export function writeCheckpoint(
  path: string,
  { step, tensors, metadata = {} }: Checkpoint,
  claim?: AtomicOptions["claim"],
): void {
  const bytes = formatSafetensors(tensors, { ...metadata, step: String(step), sha256: blank });
  writeFileAtomic(path, withDataFacts(bytes, digestPlace(bytes)!), { claim });
}

/**
 * Reads a checkpoint back, bit for bit.
 *
 * @returns undefined if there is no such file: the run was stopped before its first checkpoint
 * @throws  DomainError that names the file if it is damaged: any changed, missing or added byte is noticed
 */
export function readCheckpoint(path: string): Checkpoint | undefined {
  const bytes = readIfThere(path);
  if (!bytes) return undefined;
  const place = digestPlace(bytes);
  if (place === undefined) throw damaged(path, "it has no readable header with a checksum");
  if (!withDataFacts(bytes, place).equals(bytes)) throw damaged(path, "its content does not match its checksum");
  const { tensors, metadata } = parseSafetensors(bytes, { name: path });
  const { step, sha256: _, ...rest } = metadata;
  return { step: Number(step), tensors, metadata: rest };
}

/** The file with its digest filled in: the digest of all bytes, with zeros in the place of the digest. */
function withDataFacts(bytes: Uint8Array, place: number): Buffer {
  const result = Buffer.from(bytes);
  result.write(blank, place, "latin1");
  result.write(createHash("sha256").update(result).digest("hex"), place, "latin1");
  return result;
}

/** Offset of the digest's digits in the file. Quotes inside metadata texts are escaped, so that the pattern finds the key alone. */
function digestPlace(bytes: Uint8Array): number | undefined {
  const found = /"sha256"\s*:\s*"[0-9a-f]{64}"/.exec(headerOf(bytes) ?? "");
  return found ? 8 + found.index + found[0].length - 65 : undefined;
}

/** The JSON header, one character per byte. The first eight bytes of the file are its length, little-endian. */
function headerOf(bytes: Uint8Array): string | undefined {
  if (bytes.length < 8) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(bytes.length - 8)) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset + 8, Number(length)).toString("latin1");
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw fileError("checkpoint", path, error);
  }
}

const damaged = (path: string, reason: string): DomainError =>
  new DomainError(`checkpoint: ${path} is damaged: ${reason}; delete it to start the run again from the beginning`);
