import { key, normal } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { coverage } from "../../src/judging/coverage.ts";
import type { PointSet } from "../../src/judging/pointSet.ts";

/** Two modes of normal points, around 0 and around `gap` on the first axis, in turn. */
function modes(seed: number, count: number, gap: number, spread = 1): PointSet {
  const values = Float64Array.from(normal(key(seed), [count, 2]).dataSync(), (x, at) =>
    at % 2 === 0 ? spread * x + gap * ((at >> 1) % 2) : spread * x,
  );
  return { values, dim: 2 };
}

/** The definition as loops over pairs. */
function byLoops(points: PointSet, set: PointSet, k: number): number {
  const rows = ({ values, dim }: PointSet): number[][] =>
    Array.from({ length: values.length / dim }, (_, i) => Array.from(values).slice(i * dim, (i + 1) * dim));
  const distance = (a: number[], b: number[]): number => Math.hypot(...a.map((x, i) => x - b[i]));
  const [xs, ys] = [rows(points), rows(set)];
  const radii = ys.map(
    (y, j) => ys.flatMap((other, i) => (i === j ? [] : distance(y, other))).sort((a, b) => a - b)[k - 1],
  );
  return xs.filter((x) => ys.some((y, j) => distance(x, y) <= radii[j])).length / xs.length;
}

const data = modes(1, 300, 12);

describe("coverage", () => {
  it.each([1, 3, 5])("is the definition with k = %i", (neighbour) => {
    for (const points of [modes(2, 280, 12), modes(3, 280, 12, 2), modes(4, 280, 8)])
      expect(coverage(points, data, { neighbour })).toBeCloseTo(byLoops(points, data, neighbour), 12);
  });

  it("is 1 for the same points, also where points are repeated, and does not change with the order or the place", () => {
    const repeated = { values: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 1], dim: 2 };
    expect(coverage(data, data)).toBe(1);
    expect(coverage(repeated, repeated)).toBe(1);
    const made = modes(5, 250, 12);
    const moved = ({ values, dim }: PointSet): PointSet => ({ values: Array.from(values, (x) => 4 * x + 16), dim });
    expect(coverage(moved(made), moved(data))).toBeCloseTo(coverage(made, data), 2);
    const reversed = {
      values: Array.from({ length: 500 }, (_, at) => made.values[498 - 2 * (at >> 1) + (at % 2)]),
      dim: 2,
    };
    expect(coverage(reversed, data)).toBe(coverage(made, data));
  });

  it("tells a mode that is dropped by recall alone, and noise by precision", () => {
    const one = modes(6, 300, 0);
    expect(coverage(one, data)).toBeGreaterThan(0.9);
    expect(coverage(data, one)).toBeLessThan(0.6);
    const noisy = modes(7, 300, 12, 3);
    expect(coverage(noisy, data)).toBeLessThan(0.7);
    expect(coverage(data, noisy)).toBeGreaterThan(0.9);
    const same = modes(8, 300, 12);
    expect(Math.min(coverage(same, data), coverage(data, same))).toBeGreaterThan(0.9);
  });

  it("is NaN where a number is not finite", () => {
    expect(coverage({ values: [Number.NaN, 0], dim: 2 }, data)).toBeNaN();
    expect(coverage(data, { values: [0, 0, 1, 1, 2, 2, 3, Infinity], dim: 2 })).toBeNaN();
  });
});
