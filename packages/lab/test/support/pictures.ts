import { crc32, deflateSync } from "node:zlib";

/** A PNG file in parts, to be made whole or wrong. */
export interface PngParts {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. Default 8 */
  readonly depth?: number;
  /** 0 grey, 2 colours, 3 palette, 4 grey with opacity, 6 colours with opacity. Default 0 */
  readonly colorType?: number;
  readonly isInterlaced?: boolean;
  /** Rows of bytes as the file holds them, without their filters. */
  readonly lines: readonly (readonly number[])[];
  /** Chunks before the pixels: name and content. */
  readonly chunks?: readonly (readonly [name: string, content: Uint8Array])[];
  /** The compressed pixels instead of those of `lines`. */
  readonly packed?: Uint8Array;
}

/** A PNG file, written by the description of the format. */
export function pngOf(parts: PngParts): Buffer {
  const { width, height, depth = 8, colorType = 0, isInterlaced = false, lines, chunks = [], packed } = parts;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colorType, 0, 0, isInterlaced ? 1 : 0], 8);
  const pixels = packed ?? deflateSync(Buffer.from(lines.flatMap((line) => [0, ...line])));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    ...([["IHDR", header], ...chunks, ["IDAT", pixels], ["IEND", Buffer.alloc(0)]] as const).map(chunkOf),
  ]);
}

function chunkOf([name, content]: readonly [string, Uint8Array]): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(content.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

/** A grey picture of 8 bits. */
export const greyPng = (width: number, height: number, pixels: readonly number[]): Buffer =>
  pngOf({ width, height, lines: Array.from({ length: height }, (_, y) => pixels.slice(y * width, (y + 1) * width)) });

/** An IDX file of bytes. */
export function idxOf(shape: readonly number[], bytes: readonly number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((size, axis) => void header.writeUInt32BE(size, 4 + 4 * axis));
  return Buffer.concat([header, Buffer.from(bytes)]);
}

/** Pixels of some pictures, no two of them equal: picture, row, column. */
export const pixelsOf = (count: number, size: number): number[] =>
  Array.from({ length: count * size }, (_, i) => (i * 37 + Math.floor(i / size)) % 256);
