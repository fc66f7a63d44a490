import { describe, expect, it } from "vitest";
import { histogramKl } from "../../src/judging/histogramKl.ts";
import type { PointSet } from "../../src/judging/pointSet.ts";

const plane = (...values: number[]): PointSet => ({ values, dim: 2 });
const range = [
  [0, 1],
  [0, 1],
] as const;

describe("histogramKl", () => {
  it("is Σ p·log(p/q) over the cells when nothing is added to the counts", () => {
    const p = plane(0.1, 0.1, 0.1, 0.2, 0.2, 0.1, 0.9, 0.9);
    const q = plane(0.1, 0.1, 0.9, 0.9);
    const exact = 0.75 * Math.log(0.75 / 0.5) + 0.25 * Math.log(0.25 / 0.5);
    expect(histogramKl(p, q, { bins: 2, range, pseudoCount: 0 })).toBeCloseTo(exact, 14);
  });

  it("is infinite where the model never goes, and finite with a pseudo-count", () => {
    const [a, b] = [plane(0.1, 0.1), plane(0.9, 0.9)];
    expect(histogramKl(a, b, { bins: 2, range, pseudoCount: 0 })).toBe(Infinity);
    // K = 5 cells, α = ½: p = (3/7, 1/7, …), q = (1/7, …, 3/7).
    const exact = (3 / 7) * Math.log(3) + (1 / 7) * Math.log(1 / 3);
    expect(histogramKl(a, b, { bins: 2, range })).toBeCloseTo(exact, 14);
  });

  it("is zero for equal histograms and does not see moves within a cell", () => {
    expect(histogramKl(plane(0.1, 0.1, 0.6, 0.6), plane(0.4, 0.4, 0.9, 0.9), { bins: 2, range })).toBeCloseTo(0, 14);
  });

  it("counts what falls outside the box, NaN included, in a cell of its own", () => {
    const [inside, outside] = [plane(0.1, 0.1, 0.9, 0.9), plane(0.1, 0.1, Number.NaN, 0)];
    expect(histogramKl(outside, plane(0.1, 0.1, 7, 7), { bins: 2, range })).toBeCloseTo(0, 14);
    expect(histogramKl(inside, outside, { bins: 2, range })).toBeGreaterThan(0.1);
  });

  it("puts the upper edge of the box in the last cell", () => {
    expect(histogramKl(plane(0, 0, 1, 1), plane(0, 0, 0.99, 0.99), { bins: 4, pseudoCount: 0 })).toBeCloseTo(0, 14);
  });

  it("refuses points that are not in the plane", () => {
    const line = { values: [1], dim: 1 };
    expect(() => histogramKl(line, line)).toThrow("points must be [n, 2], got dim 1");
  });
});
