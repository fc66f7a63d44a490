import { crc32, deflateSync } from "node:zlib";
import { ShapeError } from "@pushforward/tensor";

/**
 * A grey picture as a PNG file.
 *
 * @param grey brightness of each pixel, row by row, 0 black to 255 white, [height·width]
 * @throws ShapeError if the pixels do not fill the picture
 * @source W3C, Portable Network Graphics (PNG) Specification: signature, IHDR, IDAT, IEND; colour type 0, filter 0
 */
export function encodePng(grey: Uint8Array, width: number, height: number): Uint8Array {
  if (grey.length !== width * height || grey.length === 0) {
    throw new ShapeError(
      `encodePng: ${width} × ${height} needs ${width * height} pixels, at least one, got ${grey.length}`,
    );
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8); // 8 bits, grey, deflate, adaptive filters, no interlacing
  const lines = Buffer.alloc(height * (width + 1)); // each line begins with its filter: 0, none
  for (let y = 0; y < height; y++) lines.set(grey.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(lines)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}
