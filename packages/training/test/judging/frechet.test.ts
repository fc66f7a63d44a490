import { key, normal } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { frechet } from "../../src/judging/frechet.ts";
import type { PointSet } from "../../src/judging/pointSet.ts";

const lattice = (count: number, number: (i: number, k: number) => number): PointSet => ({
  values: Array.from({ length: 3 * count }, (_, at) => number(Math.floor(at / 3), at % 3)),
  dim: 3,
});
const x = lattice(12, (i, k) => ((7 * i * i + 3 * k * i + k) % 11) / 3);
const y = lattice(9, (i, k) => ((5 * i * i + 2 * k * k * i + 4 * k) % 13) / 4);

describe("frechet", () => {
  it("has the value of scipy.linalg.sqrtm, in both orders", () => {
    // numpy: cov(bias=True); scipy: |m|² + tr(A + B − 2·sqrtm(sqrtm(A)·B·sqrtm(A)))
    expect(frechet(x, y)).toBeCloseTo(0.41955527598646863, 10);
    expect(frechet(y, x)).toBeCloseTo(0.41955527598646863, 10);
  });

  it("is 0 for the same points, (a − b)² on the line, and Σ (σ − τ)² for other scales", () => {
    expect(frechet(x, x)).toBeCloseTo(0, 10);
    expect(frechet({ values: [0, 2], dim: 1 }, { values: [5, 11], dim: 1 })).toBeCloseTo(49 + 4, 10);
    const doubled = { values: Array.from(y.values, (value) => 2 * value), dim: 3 };
    const { values } = y;
    const mean = [0, 1, 2].map((k) =>
      Array.from({ length: 9 }, (_, i) => values[3 * i + k] / 9).reduce((a, b) => a + b),
    );
    const squares = Array.from(values).reduce((sum, value, at) => sum + (value - mean[at % 3]) ** 2 / 9, 0);
    const between = mean.reduce((sum, value) => sum + value ** 2, 0);
    expect(frechet(y, doubled)).toBeCloseTo(squares + between, 10);
  });

  it("does not change where both sets are moved, and is near 0 for samples of one law alone", () => {
    const moved = ({ values, dim }: PointSet): PointSet => ({ values: Array.from(values, (value) => value + 7), dim });
    expect(frechet(moved(x), moved(y))).toBeCloseTo(frechet(x, y), 9);
    const sample = (seed: number, scale = 1): PointSet => ({
      values: Array.from(normal(key(seed), [2000, 8]).dataSync(), (value) => scale * value),
      dim: 8,
    });
    const own = frechet(sample(1), sample(2));
    expect(own).toBeGreaterThan(0);
    expect(own).toBeLessThan(0.03);
    expect(frechet(sample(1), sample(2, 1.5))).toBeGreaterThan(1.5);
  });

  it("keeps to singular covariances, and is NaN where a number is", () => {
    const line = { values: [0, 0, 1, 2, 2, 4], dim: 2 };
    expect(frechet(line, line)).toBeCloseTo(0, 7);
    expect(frechet(line, { values: [0, Number.NaN, 1, 1], dim: 2 })).toBeNaN();
  });
});
