import { ShapeError } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { pairedDifference } from "../../src/judging/pairedDifference.ts";
import { tProbability, tQuantile } from "../../src/judging/tQuantile.ts";

describe("tQuantile", () => {
  // Printed tables of Student's t distribution, two-sided 95 %.
  it.each([
    [1, 12.7062],
    [2, 4.3027],
    [3, 3.1824],
    [4, 2.7764],
    [9, 2.2622],
    [30, 2.0423],
    [1000, 1.9623],
  ])("with %i degrees of freedom is %f", (freedom, quantile) => {
    expect(tQuantile(0.95, freedom)).toBeCloseTo(quantile, 4);
  });

  it("inverts the probability, which is 0.5 at t = 1 for the Cauchy distribution", () => {
    expect(tProbability(1, 1)).toBeCloseTo(0.5, 14);
    for (const freedom of [1, 2, 5, 8]) expect(tProbability(tQuantile(0.99, freedom), freedom)).toBeCloseTo(0.99, 12);
  });
});

describe("pairedDifference", () => {
  const base = [1, 2, 3, 4];
  const other = [0, 1.5, 3.5, 2]; // differences −1, −0.5, 0.5, −2

  it("counts the seeds with a better score, smaller or larger", () => {
    expect(pairedDifference(base, other)!.better).toBe(3);
    expect(pairedDifference(base, other, "larger")!.better).toBe(1);
    expect(pairedDifference(base, other, "larger")!.mean).toBe(pairedDifference(base, other)!.mean);
  });

  it("has the values that are computed by hand", () => {
    const { mean, deviation, interval, better, count } = pairedDifference(base, other)!;
    expect(mean).toBe(-0.75);
    // squares of −0.25, 0.25, 1.25, −1.25 add up to 3.25
    expect(deviation).toBeCloseTo(Math.sqrt(3.25 / 3), 14);
    const half = (3.1824463 * Math.sqrt(3.25 / 3)) / 2;
    expect(interval![0]).toBeCloseTo(-0.75 - half, 6);
    expect(interval![1]).toBeCloseTo(-0.75 + half, 6);
    expect([better, count]).toEqual([3, 4]);
  });

  it("is tighter with the right seeds than with shuffled ones, at the same mean", () => {
    const seeds = [1, 3, 5, 9, 20];
    const shifted = [0.9, 2.8, 4.9, 8.8, 19.9];
    const paired = pairedDifference(seeds, shifted)!;
    const shuffled = pairedDifference(seeds, [...shifted.slice(2), ...shifted.slice(0, 2)])!;
    expect(shuffled.mean).toBeCloseTo(paired.mean, 12);
    expect(paired.interval![1]).toBeLessThan(0);
    expect(shuffled.interval![1]).toBeGreaterThan(0);
  });

  it("leaves out seeds without a finite score, and has no interval for one seed", () => {
    expect(pairedDifference([1, Number.NaN, 3], [2, 1, Number.NaN])).toEqual({
      ...{ mean: 1, deviation: 0, better: 0, count: 1 },
    });
    expect(pairedDifference([Number.NaN], [1])).toBeUndefined();
    expect(() => pairedDifference([1], [1, 2])).toThrow(ShapeError);
  });
});
