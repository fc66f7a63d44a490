import { crc32 } from "node:zlib";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { type Bitmap, encodePng, pngAddress } from "../../src/report/png.ts";

/** Some samples, no two neighbours equal. */
const bitmap = (width: number, height: number, channels: Bitmap["channels"]): Bitmap => ({
  ...{ width, height, channels },
  samples: Uint8Array.from({ length: width * height * channels }, (_, i) => (37 * i + 5) % 256),
});

/** Names of the chunks of a PNG file; every checksum is compared. */
function chunkNames(png: Buffer): string[] {
  const names: string[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const body = png.subarray(at + 4, at + 8 + png.readUInt32BE(at));
    expect(png.readUInt32BE(at + 4 + body.length)).toBe(crc32(body));
    names.push(body.toString("latin1", 0, 4));
  }
  return names;
}

describe("encodePng", () => {
  it.each([
    ["grey", 1, 0, ([v]: number[]) => [v, v, v, 255]],
    ["colours", 3, 2, (rgb: number[]) => [...rgb, 255]],
    ["colours with opacity", 4, 6, (rgba: number[]) => rgba],
  ] as const)("writes %s that read back", (_name, channels, colorType, rgba) => {
    const picture = bitmap(3, 2, channels);
    const png = Buffer.from(encodePng(picture));
    expect(chunkNames(png)).toEqual(["IHDR", "IDAT", "IEND"]);
    expect([...png.subarray(16, 29)]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, colorType, 0, 0, 0]);
    const pixels = Array.from({ length: 6 }, (_, i) => [...picture.samples.subarray(i * channels, (i + 1) * channels)]);
    expect([...PNG.sync.read(png).data]).toEqual(pixels.flatMap((pixel) => rgba(pixel)));
  });

  it("refuses samples that do not fill the picture", () => {
    const wrong = { ...bitmap(3, 2, 1), samples: new Uint8Array(5) };
    expect(() => encodePng(wrong)).toThrow("3 × 2 needs 6 pixels, at least one, got 5");
    expect(() => encodePng(bitmap(0, 0, 3))).toThrow("at least one");
  });

  it("is the content of an address", () => {
    const [head, content] = pngAddress(bitmap(2, 2, 3)).split(",");
    expect(head).toBe("data:image/png;base64");
    expect(Buffer.from(content, "base64").equals(encodePng(bitmap(2, 2, 3)))).toBe(true);
  });
});
