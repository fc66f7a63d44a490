import { ShapeError } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { countPairs, countPoints, forEachBlock, rowsOf, thinPoints } from "../../src/judging/pointSet.ts";

describe("pointSet", () => {
  it("counts rows and refuses numbers that do not fill them", () => {
    expect(countPoints({ values: [1, 2, 3, 4, 5, 6], dim: 2 })).toBe(3);
    expect(countPoints({ values: [], dim: 2 })).toBe(0);
    expect(() => countPoints({ values: [1, 2, 3], dim: 2 }, "here")).toThrow(
      "here: 3 numbers do not fill whole rows of 2",
    );
    expect(() => countPoints({ values: [1], dim: 0 })).toThrow(ShapeError);
  });

  it("names both widths when two sets do not share a space, and refuses an empty set", () => {
    const line = { values: [1, 2], dim: 1 };
    expect(() => countPairs(line, { values: [1, 2], dim: 2 }, "here")).toThrow("same dim, got 1 and 2");
    expect(() => countPairs(line, { values: [], dim: 1 }, "here")).toThrow("at least one point, got 2 and 0");
  });

  it("thins evenly over the whole set, and leaves a small set alone", () => {
    const points = { values: Float64Array.from({ length: 20 }, (_, i) => i), dim: 2 };
    expect([...(thinPoints(points, 3).values as Float64Array)]).toEqual([0, 1, 6, 7, 12, 13]);
    expect(thinPoints(points, 10)).toBe(points);
  });

  it("visits each row once in blocks, the last one shorter, and no rows of an empty set", () => {
    const points = { values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], dim: 2 };
    const blocks: [number, number[][]][] = [];
    forEachBlock(points, 2, (rows, start) => void blocks.push([start, rows.toArray() as number[][]]));
    expect(blocks).toEqual([
      [0, rowsOf(points, 0, 2).toArray()],
      [2, rowsOf(points, 2, 4).toArray()],
      [4, [[9, 10]]],
    ]);
    expect(rowsOf(points).shape).toEqual([5, 2]);
    forEachBlock({ values: [], dim: 2 }, 2, () => {
      throw new Error("an empty set has no rows");
    });
    expect(() => rowsOf({ values: [1, 2, 3], dim: 2 })).toThrow("rowsOf: 3 numbers do not fill whole rows of 2");
  });
});
