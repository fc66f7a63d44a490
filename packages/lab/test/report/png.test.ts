import { crc32, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { encodeIndexedPng, encodePng } from "../../src/report/png.ts";

/** The chunks of a PNG, checking every checksum. */
function chunksOf(png: Buffer): Record<string, Buffer> {
  expect([...png.subarray(1, 4)]).toEqual([..."PNG"].map((c) => c.charCodeAt(0)));
  const chunks: Record<string, Buffer> = {};
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks[body.toString("latin1", 0, 4)] = body.subarray(4);
    at += 12 + length;
  }
  return chunks;
}

/** Reads an 8-bit PNG without filters back. */
function decode(png: Buffer, colorType: number): { width: number; height: number; pixels: number[] } {
  const chunks = chunksOf(png);
  expect([...chunks.IHDR.subarray(8)]).toEqual([8, colorType, 0, 0, 0]);
  const width = chunks.IHDR.readUInt32BE(0);
  const lines = inflateSync(chunks.IDAT);
  const pixels = [...lines].filter((_, i) => i % (width + 1) !== 0);
  return { width, height: chunks.IHDR.readUInt32BE(4), pixels };
}

describe("encodePng", () => {
  it("writes a picture that reads back", () => {
    const grey = Uint8Array.of(0, 50, 255, 1, 2, 3);
    const png = Buffer.from(encodePng(grey, { width: 3, height: 2, channels: 1 }));
    expect(Object.keys(chunksOf(png))).toEqual(["IHDR", "IDAT", "IEND"]);
    expect(decode(png, 0)).toEqual({ width: 3, height: 2, pixels: [...grey] });
  });

  it("writes colours that read back", () => {
    const samples = Uint8Array.from({ length: 18 }, (_, i) => 14 * i);
    const png = Buffer.from(encodePng(samples, { width: 2, height: 3, channels: 3 }));
    const { IHDR, IDAT } = chunksOf(png);
    expect([IHDR.readUInt32BE(0), IHDR.readUInt32BE(4), ...IHDR.subarray(8)]).toEqual([2, 3, 8, 2, 0, 0, 0]);
    expect([...inflateSync(IDAT)].filter((_, i) => i % 7 !== 0)).toEqual([...samples]);
  });

  it("refuses pixels that do not fill the picture", () => {
    expect(() => encodePng(new Uint8Array(5), { width: 3, height: 2, channels: 1 })).toThrow(
      "3 × 2 needs 6 pixels, at least one, got 5",
    );
    expect(() => encodePng(new Uint8Array(0), { width: 0, height: 0, channels: 1 })).toThrow("at least one");
  });
});

describe("encodeIndexedPng", () => {
  it("writes a picture of few colours, of which the first is transparent", () => {
    const indices = Uint8Array.of(0, 1, 2, 1);
    const png = Buffer.from(
      encodeIndexedPng(indices, 2, 2, [
        [255, 128, 0],
        [1, 2, 3],
      ]),
    );
    const chunks = chunksOf(png);
    expect(Object.keys(chunks)).toEqual(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);
    expect([...chunks.PLTE]).toEqual([0, 0, 0, 255, 128, 0, 1, 2, 3]);
    expect([...chunks.tRNS]).toEqual([0]);
    expect(decode(png, 3)).toEqual({ width: 2, height: 2, pixels: [...indices] });
  });

  it("refuses pixels that do not fill the picture", () => {
    expect(() => encodeIndexedPng(new Uint8Array(3), 2, 2, [])).toThrow("2 × 2 needs 4 pixels, at least one, got 3");
  });
});
