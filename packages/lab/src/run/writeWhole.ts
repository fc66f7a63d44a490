import { writeSync } from "node:fs";

/** Writes bytes from an offset on to an open file and returns how many were written, as `fs.writeSync` does. */
export type WriteBytes = (file: number, bytes: Uint8Array, offset: number) => number;

/**
 * Writes all bytes to an open file, in as many writes as the system needs: a disk that is almost full takes a part of
 * the bytes in one write and reports the error in the next.
 *
 * @param write one write; an argument so that tests can shorten it
 * @throws the error of the file system; a part of the bytes may then stand in the file
 */
export function writeWhole(file: number, bytes: Uint8Array, write: WriteBytes = writeSync): void {
  for (let at = 0; at < bytes.length; ) {
    const taken = write(file, bytes, at);
    if (taken === 0) throw Object.assign(new Error("the file took no byte of a write"), { code: "ENOSPC" });
    at += taken;
  }
}
