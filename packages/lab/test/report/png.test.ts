import { crc32, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { encodePng } from "../../src/report/png.ts";

/** Reads a grey 8-bit PNG without filters back, checking every checksum. */
function decode(png: Buffer): { width: number; height: number; grey: number[] } {
  expect([...png.subarray(1, 4)]).toEqual([..."PNG"].map((c) => c.charCodeAt(0)));
  const chunks: Record<string, Buffer> = {};
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks[body.toString("latin1", 0, 4)] = body.subarray(4);
    at += 12 + length;
  }
  expect(Object.keys(chunks)).toEqual(["IHDR", "IDAT", "IEND"]);
  expect([...chunks.IHDR.subarray(8)]).toEqual([8, 0, 0, 0, 0]);
  const width = chunks.IHDR.readUInt32BE(0);
  const lines = inflateSync(chunks.IDAT);
  const grey = [...lines].filter((_, i) => i % (width + 1) !== 0);
  return { width, height: chunks.IHDR.readUInt32BE(4), grey };
}

describe("encodePng", () => {
  it("writes a picture that reads back", () => {
    const grey = Uint8Array.of(0, 50, 255, 1, 2, 3);
    expect(decode(Buffer.from(encodePng(grey, 3, 2)))).toEqual({ width: 3, height: 2, grey: [...grey] });
  });

  it("refuses pixels that do not fill the picture", () => {
    expect(() => encodePng(new Uint8Array(5), 3, 2)).toThrow("3 × 2 needs 6 pixels, at least one, got 5");
    expect(() => encodePng(new Uint8Array(0), 0, 0)).toThrow("at least one");
  });
});
