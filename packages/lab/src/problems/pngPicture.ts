import { inflateSync } from "node:zlib";
import { DomainError } from "@pushforward/tensor";
import { PNG } from "pngjs";
import { maxDim } from "./fileTable.ts";

/** A picture of a file. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 where red, green and blue are equal in every pixel. */
  readonly channels: 1 | 3;
  /** From 0 to 255, also of files with more or fewer bits, pixel by pixel, row by row, [height·width·channels]. */
  readonly values: Float64Array;
}

/** The part of the header of a file that is about its pixels. */
interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a pixel. */
  readonly bits: number;
  readonly isInterlaced: boolean;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Signature, and the first chunk: its length, its name, 13 bytes, its checksum. */
const headLength = 33;
/** Samples of a pixel by its colour type. */
const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * The size of a PNG picture by its header alone.
 *
 * @throws DomainError that names the file if it is no PNG file, or a picture of too many pixels to learn
 * @source W3C, Portable Network Graphics (PNG) Specification, 5.2 signature and 11.2.2 IHDR
 */
export function pngHeader(path: string, bytes: Buffer): PngHeader {
  if (!signature.every((byte, i) => bytes[i] === byte)) {
    const start = bytes.subarray(0, 4).toString("hex") || "nothing";
    throw new DomainError(`data: ${path} must start with 89504e47 as a PNG file does, got ${start}; save it as PNG`);
  }
  if (bytes.length < headLength || bytes.toString("latin1", 12, 16) !== "IHDR") throw damaged(path, "it has no header");
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const [depth, colorType, , , interlace] = bytes.subarray(24, 29);
  if (width < 1 || height < 1) throw damaged(path, `its header says ${width} × ${height} pixels`);
  if (width * height <= maxDim) {
    return { width, height, bits: depth * (samplesOf[colorType] ?? 0), isInterlaced: interlace === 1 };
  }
  throw new DomainError(
    `data: ${path} must be a picture of at most ${maxDim} pixels to learn, got ${width} × ${height}; make the pictures smaller`,
  );
}

const damaged = (path: string, reason: string): DomainError =>
  new DomainError(`data: ${path} must be a whole PNG file, but ${reason}; save it again`);

/** Bytes of a chunk besides its content: length, name and checksum. */
const chunkFrame = 12;

/** The content of all chunks of a name. */
function chunksOf(bytes: Buffer, wanted: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = signature.length; at + chunkFrame <= bytes.length; at += chunkFrame + bytes.readUInt32BE(at)) {
    const [name, length] = [bytes.toString("latin1", at + 4, at + 8), bytes.readUInt32BE(at)];
    if (name === wanted) found.push(bytes.subarray(at + 8, at + 8 + length));
  }
  return found;
}

/** Places of the pixels of each pass of an interlaced picture: first column and row, steps. @source PNG Specification, 8.2 */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Bytes of the pixels before compression: each row has a byte for its filter. */
function pixelBytes({ width, height, bits, isInterlaced }: PngHeader): number {
  const parts = isInterlaced ? passes : [[0, 0, 1, 1] as const];
  const sizes = parts.map(([x, y, stepX, stepY]) => {
    const [columns, rows] = [Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)];
    return columns > 0 && rows > 0 ? rows * (1 + Math.ceil((columns * bits) / 8)) : 0;
  });
  return sizes.reduce((sum, each) => sum + each, 0);
}

/**
 * Checks that a file holds the pixels that its header promises, before a library reads them: a small file could unpack to all memory, and
 * missing pixels would be read as whatever lay in memory.
 */
function checkPixels(path: string, bytes: Buffer, header: PngHeader): void {
  if (chunksOf(bytes, "IHDR").length !== 1) throw damaged(path, "it has several headers");
  const expected = pixelBytes(header);
  try {
    const { length } = inflateSync(Buffer.concat(chunksOf(bytes, "IDAT")), { maxOutputLength: expected });
    if (length === expected) return;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ERR_BUFFER_TOO_LARGE") throw damaged(path, `its pixels cannot be unpacked (${message})`);
  }
  throw damaged(path, `its pixels are not the ${header.width} × ${header.height} of its header`);
}

/**
 * Reads a PNG picture of any kind: 1 to 16 bits, grey, colours or a palette, interlaced or not; checksums are compared.
 *
 * @throws DomainError that names the file if it is damaged or has transparent pixels, which have no colour of their own
 */
export function readPng(path: string, bytes: Buffer): Picture {
  const header = pngHeader(path, bytes);
  checkPixels(path, bytes, header);
  const { data, depth, palette } = decode(path, bytes);
  const most = palette ? 255 : 2 ** depth - 1;
  const { width, height } = header;
  const count = width * height;
  const place = Array.from({ length: count }, (_, i) => i).find((i) => data[4 * i + 3] !== most);
  if (place !== undefined) {
    throw new DomainError(
      `data: ${path} must be opaque, got a transparent pixel at row ${Math.floor(place / width)}, column ${place % width} (counted from 0); put it on a background`,
    );
  }
  const channels = isGrey(data) ? 1 : 3;
  const values = Float64Array.from(
    { length: count * channels },
    (_, i) => (data[4 * Math.floor(i / channels) + (i % channels)] * 255) / most,
  );
  return { width, height, channels, values };
}

/** Red, green, blue and opacity of each pixel in the bits of the file; of a palette in 8 bits. */
function decode(path: string, bytes: Buffer) {
  try {
    return PNG.sync.read(bytes, { skipRescale: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw damaged(path, `it cannot be read (${reason.slice(0, 100)})`);
  }
}

/** Whether red, green and blue are equal in every pixel. */
function isGrey(data: ArrayLike<number>): boolean {
  for (let at = 0; at < data.length; at += 4) if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  return true;
}
