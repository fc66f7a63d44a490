import { describe, expect, it } from "vitest";
import { mapError } from "../../src/judging/mapError.ts";

describe("mapError", () => {
  it("is the root of the mean squared row distance", () => {
    const exact = { values: [0, 0, 1, 1], dim: 2 };
    expect(mapError({ values: [3, 4, 1, 1], dim: 2 }, exact)).toBeCloseTo(5 / Math.SQRT2, 14);
    expect(mapError(exact, exact)).toBe(0);
  });

  it("sees rows that changed places, unlike a distance between laws", () => {
    expect(mapError({ values: [1, 0], dim: 1 }, { values: [0, 1], dim: 1 })).toBe(1);
  });

  it("names both row counts when they differ", () => {
    expect(() => mapError({ values: [1], dim: 1 }, { values: [1, 2], dim: 1 })).toThrow(
      "rows must correspond, got 1 and 2",
    );
  });
});
