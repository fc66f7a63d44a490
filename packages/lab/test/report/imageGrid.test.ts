import type { ImageShape } from "@pushforward/training";
import { describe, expect, it } from "vitest";
import { drawImageGrid, fittingScale } from "../../src/report/imageGrid.ts";
import type { Bitmap } from "../../src/report/png.ts";

/** Pictures of two pixels beside each other. */
const pair: ImageShape = { width: 2, height: 1, channels: 1, range: [0, 16] };
const pixelsOf = (values: number[], dim = 2) => ({ values, dim });

/** The lines of a grid, each as its samples. */
const linesOf = ({ samples, width, height, channels }: Bitmap): number[][] =>
  Array.from({ length: height }, (_, y) => [...samples.subarray(y * width * channels, (y + 1) * width * channels)]);

/** Brightness of the lines between pictures. */
const line = 208;

describe("drawImageGrid", () => {
  it("lays pictures out in rows with lines between, ink dark on white; missing pictures are white", () => {
    const grid = drawImageGrid(pixelsOf([0, 16, 8, 0, 16, 16]), pair, { columns: 2 });
    expect(linesOf(grid)).toEqual([
      Array(7).fill(line),
      [line, 255, 0, line, 128, 255, line],
      Array(7).fill(line),
      [line, 0, 0, line, 255, 255, line],
      Array(7).fill(line),
    ]);
  });

  it("enlarges pixels to squares, and keeps lines of one pixel", () => {
    const grid = drawImageGrid(pixelsOf([0, 16]), pair, { scale: 3 });
    const row = [line, 255, 255, 255, 0, 0, 0, line];
    expect(linesOf(grid)).toEqual([Array(8).fill(line), row, row, row, Array(8).fill(line)]);
  });

  it("lays colours out, channel by channel, enlarged pixel by pixel", () => {
    const values = [255, 0, 51, 10, 20, 30];
    const grid = drawImageGrid(pixelsOf(values, 6), { ...pair, channels: 3, range: [255, 0] }, { scale: 2 });
    const [first, second] = [values.slice(0, 3), values.slice(3)];
    const row = [...Array(3).fill(line), ...first, ...first, ...second, ...second, ...Array(3).fill(line)];
    expect([grid.width, grid.height, grid.channels]).toEqual([6, 4, 3]);
    expect(linesOf(grid).slice(1, 3)).toEqual([row, row]);
  });

  it("clips values outside the range and shows what is not a number as grey", () => {
    const grid = drawImageGrid(pixelsOf([-5, 99, Number.NaN, 0]), pair);
    expect(linesOf(grid)[1]).toEqual([line, 255, 0, line, 128, 255, line]);
  });

  it("refuses pictures of another size, none, and a range without length", () => {
    expect(() => drawImageGrid(pixelsOf([1, 2]), { ...pair, width: 3 })).toThrow("pixels must be [≥ 1, 3], got [1, 2]");
    expect(() => drawImageGrid(pixelsOf([]), pair)).toThrow("got [0, 2]");
    expect(() => drawImageGrid(pixelsOf([1, 2]), { ...pair, range: [3, 3] })).toThrow(
      "range must have two different ends, got 3 and 3",
    );
  });
});

describe("fittingScale", () => {
  it.each([
    ["ten digits of 14 pixels", 14, 10, 7],
    ["ten digits of 28 pixels", 28, 10, 3],
    ["a few small pictures", 2, 2, 16],
    ["more than fit", 64, 40, 1],
  ])("of %s", (_name, width, columns, scale) => {
    expect(fittingScale({ width }, columns)).toBe(scale);
  });
});
