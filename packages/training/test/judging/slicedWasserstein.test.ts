import { describe, expect, it } from "vitest";
import { directionsFor, spreadDirections } from "../../src/judging/directions.ts";
import type { PointSet } from "../../src/judging/pointSet.ts";
import { slicedWasserstein, wasserstein1d } from "../../src/judging/slicedWasserstein.ts";

const line = (...values: number[]): PointSet => ({ values: Float64Array.from(values), dim: 1 });
const plane = (...values: number[]): PointSet => ({ values: Float64Array.from(values), dim: 2 });
const one = directionsFor(1);

/** Midpoint quantiles of a logistic law: a closed-form quantile function with mean and scale. */
const logistic = (count: number, mean: number, scale: number): PointSet =>
  line(...Array.from({ length: count }, (_, i) => mean + scale * Math.log((i + 0.5) / (count - i - 0.5))));

describe("slicedWasserstein", () => {
  it("is the distance of two points on the line", () => {
    expect(slicedWasserstein(line(1.5), line(-2), one)).toBeCloseTo(3.5, 14);
  });

  it("is |a − b|/√2 for two point masses in the plane, for any two or more spread directions", () => {
    for (const count of [2, 3, 64]) {
      expect(slicedWasserstein(plane(1, 2), plane(4, 6), spreadDirections(count))).toBeCloseTo(5 / Math.SQRT2, 12);
    }
  });

  it("is |a − b|/√dim for two point masses in many dimensions, up to the sampled directions", () => {
    const dim = 64;
    const far = { values: Float64Array.from({ length: dim }, (_, k) => Math.sin(k)), dim };
    const length = Math.hypot(...far.values);
    const distance = slicedWasserstein({ values: new Float64Array(dim), dim }, far, directionsFor(dim, 4096, 7));
    expect(Math.abs(distance / (length / Math.sqrt(dim)) - 1)).toBeLessThan(0.05);
  });

  it("is √(Δmean² + Δdeviation²) within a location–scale family", () => {
    const [a, b] = [logistic(400, 1, 0.5), logistic(400, -1, 1.25)];
    const deviation = Math.hypot(...(logistic(400, 0, 1).values as Float64Array)) / 20;
    expect(slicedWasserstein(a, b, one)).toBeCloseTo(Math.hypot(2, 0.75 * deviation), 12);
  });

  it("follows the quantile functions exactly when the sizes differ", () => {
    // F⁻¹ is 0 on (0, ½) and 6 on (½, 1); G⁻¹ is 0, 3, 6 on thirds: they differ by 3 between ⅓ and ⅔.
    expect(slicedWasserstein(line(6, 0), line(3, 6, 0), one)).toBeCloseTo(Math.sqrt(3), 14);
    expect(wasserstein1d(Float64Array.of(0, 0, 0, 1), Float64Array.of(0, 1))).toBeCloseTo(0.25, 15);
  });

  it("does not change when every point is repeated", () => {
    const [x, y] = [line(0.3, -1, 2, 5), line(1, 1.5, -0.5)];
    const twice = line(...[...(x.values as Float64Array)].flatMap((v) => [v, v]));
    expect(slicedWasserstein(twice, y, one)).toBeCloseTo(slicedWasserstein(x, y, one), 14);
  });

  it("is zero for a permuted set, and not for a changed one", () => {
    const directions = spreadDirections(16);
    expect(slicedWasserstein(plane(0, 1, 2, 3, 4, 9), plane(4, 9, 0, 1, 2, 3), directions)).toBe(0);
    expect(slicedWasserstein(plane(0, 1, 2, 3, 4, 9), plane(4, 9, 0, 3, 2, 1), directions)).toBeGreaterThan(0.1);
  });

  it("is NaN when a sample diverged", () => {
    expect(slicedWasserstein(line(1, Number.NaN), line(1, 2), one)).toBeNaN();
  });

  it("names a direction that is not of length 1 and a width that does not fit", () => {
    expect(() => slicedWasserstein(line(1), line(2), line(1, 0.5))).toThrow("direction 1 must have length 1, got 0.5");
    expect(() => slicedWasserstein(line(1), line(2), spreadDirections(3))).toThrow(
      "directions must be [≥ 1, 1], got [3, 2]",
    );
  });
});
