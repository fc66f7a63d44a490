import { describe, expect, it } from "vitest";
import { geometricMean, median, relativeDifference } from "../../src/run/statistics.ts";

describe("statistics", () => {
  it("the median of an odd count is the number in the middle, of an even count the mean of two", () => {
    expect(median([5, 1, 100])).toBe(5);
    expect(median([4, 1, 2, 100])).toBe(3);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });

  it("the median leaves its argument as it is, and orders by size", () => {
    const values = [10, 9, 100];
    expect(median(values)).toBe(10);
    expect(values).toEqual([10, 9, 100]);
  });

  it("the geometric mean of a number and its reciprocal is 1", () => {
    expect(geometricMean([8, 1 / 8])).toBeCloseTo(1, 12);
    expect(geometricMean([2, 8])).toBeCloseTo(4, 12);
    expect(geometricMean([])).toBeNaN();
  });

  it("differences are relative to the larger number, and NaN is near nothing", () => {
    expect(relativeDifference(100, 99)).toBeCloseTo(0.01, 12);
    expect(relativeDifference(99, 100)).toBeCloseTo(0.01, 12);
    expect(relativeDifference(0, 0)).toBe(0);
    expect(relativeDifference(Number.NaN, 1) <= 1).toBe(false);
  });
});
