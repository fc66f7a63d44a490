import { key, normal } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { energyDistance } from "../../src/judging/energyDistance.ts";
import type { PointSet } from "../../src/judging/pointSet.ts";

const line = (...values: number[]): PointSet => ({ values: Float64Array.from(values), dim: 1 });

/** Midpoint quantiles of a uniform law on [from, from + width]. */
const uniform = (count: number, from: number, width: number): PointSet =>
  line(...Array.from({ length: count }, (_, i) => from + (width * (i + 0.5)) / count));

describe("energyDistance", () => {
  it("is 2·|a − b| for two point masses", () => {
    const a = { values: [1, 2, 2], dim: 3 };
    expect(energyDistance(a, { values: [0, 0, 0], dim: 3 })).toBe(6);
  });

  it.each([1e-200, 1e200])("measures distances whose squares leave the range, at the scale %d", (scale) => {
    const a = { values: [3 * scale, 4 * scale], dim: 2 };
    expect(energyDistance(a, { values: [0, 0], dim: 2 }) / (10 * scale)).toBeCloseTo(1, 14);
  });

  it("matches the closed form of two points against one: 2·1 − 1 − 0", () => {
    expect(energyDistance(line(-1, 1), line(0))).toBe(1);
    expect(energyDistance(line(-1, 1), line(0, 0), { unbiased: true })).toBe(0);
  });

  it("is 2·∫(F − G)² for laws on the line, here two uniforms shifted by h", () => {
    // F − G rises to h over [0, h], stays until 1, falls to 0 over [1, 1 + h]: ∫ = h²·(1 − h) + 2·h³/3.
    const h = 0.4;
    const exact = 2 * (h * h * (1 - h) + (2 * h ** 3) / 3);
    expect(energyDistance(uniform(1000, 0, 1), uniform(1000, h, 1))).toBeCloseTo(exact, 5);
  });

  it("is zero for a permuted set, and never negative as a V-statistic", () => {
    expect(energyDistance(line(3, 1, 2), line(1, 2, 3))).toBeCloseTo(0, 14);
    expect(energyDistance(uniform(7, 0, 1), uniform(9, 0, 1))).toBeGreaterThan(0);
  });

  it("lies below the V-statistic by the diagonal terms when unbiased", () => {
    const [x, y] = [line(0, 2), line(1, 5)];
    // within means: 1 → 2 and 2 → 4 once the zero diagonal leaves the denominator.
    expect(energyDistance(x, y) - energyDistance(x, y, { unbiased: true })).toBeCloseTo(3, 14);
  });

  it("uses at most cap rows of each set", () => {
    const [x, y] = [line(0, 100, 0, 100), line(1)];
    expect(energyDistance(x, y, { cap: 2 })).toBe(2);
    expect(energyDistance(x, y, { cap: 4 })).not.toBe(2);
  });

  it("refuses the unbiased form of a single point, and a cap of nothing", () => {
    expect(() => energyDistance(line(1), line(1, 2), { unbiased: true })).toThrow(
      "needs two points in each set, got 1",
    );
    expect(() => energyDistance(line(1), line(1), { cap: 0 })).toThrow("cap must be a positive integer, got 0");
  });

  describe("of points with many coordinates", () => {
    const wide = (rows: number, seed: number, shift: number): PointSet => ({
      values: normal(key(seed), [rows, 40]).add(shift).dataSync(),
      dim: 40,
    });
    /** By the definition, pair by pair. */
    const byHand = (x: PointSet, y: PointSet): number => {
      const mean = (a: PointSet, b: PointSet): number => {
        const [n, m] = [a, b].map(({ values }) => values.length / 40);
        let sum = 0;
        for (let i = 0; i < n; i++)
          for (let j = 0; j < m; j++)
            sum += Math.sqrt(
              Array.from({ length: 40 }, (_, k) => (a.values[40 * i + k] - b.values[40 * j + k]) ** 2).reduce(
                (p, q) => p + q,
              ),
            );
        return sum / (n * m);
      };
      return 2 * mean(x, y) - mean(x, x) - mean(y, y);
    };

    it("is that of the loop over pairs, and 0 for equal sets", () => {
      const [x, y] = [wide(300, 1, 0), wide(270, 2, 0.3)];
      expect(Math.abs(energyDistance(x, y) - byHand(x, y))).toBeLessThan(1e-9);
      expect(energyDistance(x, x)).toBe(0);
      expect(Math.abs(energyDistance(x, wide(270, 2, 0.31)) - byHand(x, y))).toBeGreaterThan(1e-3); // control
    });

    it("is NaN for numbers that are not finite, and finite for large ones", () => {
      const x = wide(50, 1, 0);
      const broken = { dim: 40, values: Float64Array.from(x.values, (value, i) => (i === 77 ? Number.NaN : value)) };
      expect(energyDistance(x, broken)).toBeNaN();
      const scaled = (each: PointSet): PointSet => ({
        dim: 40,
        values: Float64Array.from(each.values, (v) => v * 1e200),
      });
      const y = wide(40, 2, 0.5);
      expect(energyDistance(scaled(x), scaled(y)) / 1e200).toBeCloseTo(energyDistance(x, y), 7);
    });
  });
});
