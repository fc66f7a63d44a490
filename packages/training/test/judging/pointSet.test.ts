import { ShapeError } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { countPairs, countPoints, thinPoints } from "../../src/judging/pointSet.ts";

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
});
