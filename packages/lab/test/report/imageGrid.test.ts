import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { drawImageGrid } from "../../src/report/imageGrid.ts";
import type { ImagePanel } from "../../src/report/report.ts";

const panel = (values: number[], range: [number, number] = [0, 16]): ImagePanel => ({
  name: "digits",
  pixels: { values, dim: 2 },
  width: 2,
  height: 1,
  channels: 1,
  range,
});

/** Brightness at a place of the grid. */
function pixelAt({ uri, width }: ReturnType<typeof drawImageGrid>, x: number, y: number): number {
  const png = Buffer.from(uri.slice("data:image/png;base64,".length), "base64");
  return inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)))[y * (width + 1) + 1 + x];
}

describe("drawImageGrid", () => {
  it("lays pictures out in rows with room between, ink dark on white", () => {
    const grid = drawImageGrid(panel([0, 16, 8, 0, 16, 16]), 2);
    expect([grid.width, grid.height]).toEqual([10, 8]);
    expect([2, 3, 4, 6, 7].map((x) => pixelAt(grid, x, 2))).toEqual([255, 0, 255, 128, 255]);
    expect(pixelAt(grid, 2, 5)).toBe(0);
  });

  it("lays colours out, channel by channel", () => {
    const values = [255, 0, 51, 10, 20, 30];
    const { uri, width } = drawImageGrid({ ...panel(values, [255, 0]), pixels: { values, dim: 6 }, channels: 3 });
    const png = Buffer.from(uri.slice("data:image/png;base64,".length), "base64");
    const lines = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
    const begin = 2 * (3 * width + 1) + 1 + 2 * 3;
    expect([...lines.subarray(begin - 3, begin + 9)]).toEqual([255, 255, 255, ...values, 255, 255, 255]);
  });

  it("clips what lies outside the range and shows what is not a number as grey", () => {
    const grid = drawImageGrid(panel([-5, 99, Number.NaN, 0]));
    expect([2, 3, 6].map((x) => pixelAt(grid, x, 2))).toEqual([255, 0, 128]);
  });

  it("refuses pictures of another size, none, and a range without length", () => {
    expect(() => drawImageGrid({ ...panel([1, 2]), width: 3 })).toThrow("pixels must be [≥ 1, 3], got [1, 2]");
    expect(() => drawImageGrid(panel([]))).toThrow("got [0, 2]");
    expect(() => drawImageGrid(panel([1, 2], [3, 3]))).toThrow("range must have two different ends, got 3 and 3");
  });
});
