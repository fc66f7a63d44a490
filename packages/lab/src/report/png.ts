import { crc32, deflateSync } from "node:zlib";
import { ShapeError } from "@pushforward/tensor";
import type { ImageShape } from "@pushforward/training";

/** Number of pixels from left to right and from top to bottom, and of samples per pixel. */
export type PngSize = Pick<ImageShape, "width" | "height" | "channels">;

/**
 * A picture as a PNG file: grey with one channel, red, green and blue with three.
 *
 * @param samples brightness of each channel of each pixel, row by row, 0 black to 255 white, [height·width·channels]
 * @throws ShapeError if the pixels do not fill the picture
 * @source W3C, Portable Network Graphics (PNG) Specification: signature, IHDR, IDAT, IEND; colour types 0 and 2, filter 0
 */
export const encodePng = (samples: Uint8Array, size: PngSize): Uint8Array =>
  assemble(samples, size, size.channels === 1 ? grayscale : truecolor, []);

/** A colour of a PNG file: red, green, blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * A picture of few colours as a PNG file.
 *
 * @param indices colour of each pixel, row by row: 0 is transparent, i the colour i − 1 of the palette, [height·width]
 * @param palette at most 255 colours
 * @throws ShapeError if the pixels do not fill the picture
 * @source W3C, Portable Network Graphics (PNG) Specification: PLTE, tRNS; colour type 3
 */
export function encodeIndexedPng(
  indices: Uint8Array,
  width: number,
  height: number,
  palette: readonly Rgb[],
): Uint8Array {
  const colors = Buffer.from([0, 0, 0, ...palette.flat()]);
  return assemble(indices, { width, height, channels: 1 }, indexed, [
    chunk("PLTE", colors),
    chunk("tRNS", Buffer.from([0])),
  ]);
}

/** Colour types of pixels. */
const [grayscale, truecolor, indexed] = [0, 2, 3];

function assemble(
  samples: Uint8Array,
  { width, height, channels }: PngSize,
  colorType: number,
  colors: readonly Buffer[],
): Uint8Array {
  const line = width * channels;
  if (samples.length !== line * height || samples.length === 0) {
    const [needed, got] = [line * height, samples.length].map((count) => count / channels);
    throw new ShapeError(`encodePng: ${width} × ${height} needs ${needed} pixels, at least one, got ${got}`);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colorType, 0, 0, 0], 8); // 8 bits, deflate, adaptive filters, no interlacing
  const lines = Buffer.alloc(height * (line + 1)); // each line begins with its filter: 0, none
  for (let y = 0; y < height; y++) lines.set(samples.subarray(y * line, (y + 1) * line), y * (line + 1) + 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    ...colors,
    chunk("IDAT", deflateSync(lines)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A PNG file as an address that a page contains. */
export const pngAddress = (file: Uint8Array): string => `data:image/png;base64,${Buffer.from(file).toString("base64")}`;

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}
