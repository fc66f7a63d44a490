import { key, normal, sizeOf, type Tensor, tensor } from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { averagePool, patchify, positions2d, unpatchify, upsample } from "../../src/index.ts";
import { expectWithin, numbersOf } from "../support/close.ts";

const x = normal(key(1), [2, 4, 6, 3]);

/** Whole numbers from 0 in a shape. */
const counted = (shape: readonly number[]): Tensor =>
  tensor(Array.from({ length: sizeOf(shape) }, (_, i) => i)).reshape(shape);

describe("patches", () => {
  it("are squares of pixels, row by row", () => {
    expectWithin(patchify(counted([1, 2, 4, 1]), 2), [0, 1, 4, 5, 2, 3, 6, 7], 0);
    expectWithin(patchify(counted([1, 2, 2, 2]), 2), [0, 1, 2, 3, 4, 5, 6, 7], 0);
  });

  it.each([1, 2])("of %d pixels join to the picture that they come from", (patch) => {
    expectSameBits(unpatchify(patchify(x, patch), [4, 6, 3], patch), x);
    expectSameBits(patchify(unpatchify(patchify(x, patch), [4, 6, 3], patch), patch), patchify(x, patch));
  });

  it("join to another picture in another order, or of another width (control)", () => {
    const patches = patchify(x, 2);
    expect(numbersOf(unpatchify(patches.flip(1), [4, 6, 3], 2))).not.toEqual(numbersOf(x));
    expect(numbersOf(unpatchify(patches, [6, 4, 3], 2))).not.toEqual(numbersOf(x));
  });

  it("name what does not fit", () => {
    expect(() => patchify(x, 3)).toThrow("patchify: patches of 3 pixels must fill pictures of 4 × 6 pixels");
    expect(() => patchify(x.slice(0), 2)).toThrow(
      "patchify: x must be [batch, height, width, channels], got [4, 6, 3]",
    );
    expect(() => unpatchify(x, [4, 6, 3], 2)).toThrow("unpatchify: x must be [batch, 6, 12] for pictures [4, 6, 3]");
    expect(() => unpatchify(x, [4, 6] as never, 2)).toThrow("image must be [height, width, channels], got [4, 6]");
  });
});

describe("sizes of pictures", () => {
  it("upsample repeats pixels, averagePool takes means", () => {
    expectWithin(upsample(counted([1, 1, 2, 1])), [0, 0, 1, 1, 0, 0, 1, 1], 0);
    expectWithin(averagePool(counted([1, 2, 4, 1])), [2.5, 4.5], 0);
  });

  it.each([2, 3])("the mean of an enlarged picture is the picture, factor %d", (factor) => {
    expectClose(averagePool(upsample(x, factor), factor), x, { rtol: 1e-15, condition: 4 });
    // Control: the other way round blurs.
    expect(() => expectClose(upsample(averagePool(x)), x, { rtol: 1e-2, condition: 1 })).toThrow();
  });

  it("name what does not fit", () => {
    expect(() => averagePool(x, 4)).toThrow("averagePool: size must divide height and width, got 4 for [2, 4, 6, 3]");
    expect(() => upsample(x, 0)).toThrow("upsample: factor must be a whole number ≥ 1, got 0");
  });
});

describe("positions2d", () => {
  it("holds waves of the column, then of the row", () => {
    const [i, j] = [1, 2];
    const waves = (p: number): number[] => [Math.sin(p), Math.sin(p / 100), Math.cos(p), Math.cos(p / 100)];
    expectWithin(positions2d([2, 3], 8).slice(3 * i + j), [...waves(j), ...waves(i)], 1e-15);
  });

  it("has other features at every place, in the requested dtype", () => {
    const rows = positions2d([4, 5], 8, { dtype: "float32" });
    expect([rows.shape, rows.dtype]).toEqual([[20, 8], "float32"]);
    expect(new Set(Array.from({ length: 20 }, (_, place) => numbersOf(rows.slice(place)).join())).size).toBe(20);
  });

  it("names what is wrong", () => {
    expect(() => positions2d([2, 2], 6)).toThrow("positions2d: dim must be a multiple of 4, got 6");
    expect(() => positions2d([0, 2], 8)).toThrow("positions2d: the number of rows must be a whole number ≥ 1, got 0");
  });
});
