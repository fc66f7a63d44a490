import { constants, gunzipSync } from "node:zlib";
import { DomainError, parseIdx, parseIdxHeader } from "@pushforward/tensor";
import type { FileArray } from "./arrayTable.ts";
import { maxBytes } from "./dataFile.ts";

/** Bytes of a compressed file in which the header of the array lies. */
const headBytes = 4096;

/**
 * The array of an IDX file, plain or compressed by gzip. A compressed file is unpacked to the length that its header promises and no
 * further.
 *
 * @throws DomainError that names the file if it is cut off, damaged, or promises more than can be read
 */
export function idxArray(path: string, bytes: Buffer): FileArray {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const head = isPacked ? unpack(path, bytes.subarray(0, headBytes), { finishFlush: constants.Z_SYNC_FLUSH }) : bytes;
  const { shape, bytes: length } = parseIdxHeader(head, { name: path });
  if (length > maxBytes.binary) {
    throw new DomainError(
      `data: ${path} must hold at most ${maxBytes.binary / 1e6} MB, got a header of [${shape.join(", ")}], ${Math.round(length / 1e6)} MB; save fewer rows`,
    );
  }
  return {
    shape,
    read: () =>
      parseIdx(isPacked ? unpack(path, bytes, { maxOutputLength: length }) : bytes, { name: path, dtype: "float64" }),
  };
}

/** Remedies for errors of zlib by their code. */
const remedies: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: "it is cut off; copy it again",
  ERR_BUFFER_TOO_LARGE: "more follows the array that its header describes; write it again",
};

function unpack(path: string, bytes: Buffer, options: Parameters<typeof gunzipSync>[1]): Buffer {
  try {
    return gunzipSync(bytes, options);
  } catch (error) {
    const reason = remedies[(error as NodeJS.ErrnoException).code ?? ""] ?? "it is damaged; copy it again";
    throw new DomainError(`data: ${path} must be a whole gzip file, but ${reason}`, { cause: error });
  }
}
