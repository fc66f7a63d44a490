import { crc32, deflateSync } from "node:zlib";
import { ShapeError } from "@pushforward/tensor";

/**
 * A grey picture as a PNG file.
 *
 * @param grey brightness of each pixel, row by row, 0 black to 255 white, [height·width]
 * @throws ShapeError if the pixels do not fill the picture
 * @source W3C, Portable Network Graphics (PNG) Specification: signature, IHDR, IDAT, IEND; colour type 0, filter 0
 */
export const encodePng = (grey: Uint8Array, width: number, height: number): Uint8Array =>
  assemble(grey, width, height, grayscale, []);

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
  return assemble(indices, width, height, indexed, [chunk("PLTE", colors), chunk("tRNS", Buffer.from([0]))]);
}

/** Colour types of pixels. */
const [grayscale, indexed] = [0, 3];

function assemble(
  pixels: Uint8Array,
  width: number,
  height: number,
  colorType: number,
  colors: readonly Buffer[],
): Uint8Array {
  if (pixels.length !== width * height || pixels.length === 0) {
    throw new ShapeError(
      `encodePng: ${width} × ${height} needs ${width * height} pixels, at least one, got ${pixels.length}`,
    );
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colorType, 0, 0, 0], 8); // 8 bits, deflate, adaptive filters, no interlacing
  const lines = Buffer.alloc(height * (width + 1)); // each line begins with its filter: 0, none
  for (let y = 0; y < height; y++) lines.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
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
