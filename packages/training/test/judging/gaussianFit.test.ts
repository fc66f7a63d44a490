import { fromData, key, normal } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { cholesky, fitGaussian } from "../../src/judging/gaussianFit.ts";

const product = (lower: Float64Array, dim: number): number[] =>
  Array.from({ length: dim * dim }, (_, at) => {
    const [i, j] = [Math.floor(at / dim), at % dim];
    return Array.from({ length: dim }, (_, k) => lower[i * dim + k] * lower[j * dim + k]).reduce((a, b) => a + b);
  });

describe("cholesky", () => {
  it("gives the factor of a known matrix", () => {
    expect([...cholesky(Float64Array.of(4, 2, 2, 10), 2)]).toEqual([2, 0, 1, 3]);
  });

  it("multiplies back to singular matrices too", () => {
    const singular = Float64Array.of(1, 2, 0, 0.5, 2, 4, 0, 1, 0, 0, 0, 0, 0.5, 1, 0, 3); // rank 2
    const back = product(cholesky(singular, 4), 4);
    back.forEach((value, i) => {
      expect(value).toBeCloseTo(singular[i], 12);
    });
    expect([...cholesky(new Float64Array(4), 2)]).toEqual([0, 0, 0, 0]);
  });
});

describe("fitGaussian", () => {
  it("has the moments of the points, and samples with them", () => {
    const fit = fitGaussian({ values: [0, 0, 2, 2, 4, 0, 2, -2], dim: 2 });
    expect([...fit.mean]).toEqual([2, 0]);
    expect([...fit.cov]).toEqual([2, 0, 0, 2]);
    const noise = fromData(Float64Array.of(1, -1), [1, 2]);
    expect([...fit.sample(noise).dataSync()]).toEqual([2 + Math.SQRT2, -Math.SQRT2]);
  });

  it("keeps to the plane that the points lie in", () => {
    const rows = Array.from({ length: 50 }, (_, i) => [Math.sin(i), 2 * Math.sin(i), 5]);
    const samples = fitGaussian({ values: rows.flat(), dim: 3 })
      .sample(normal(key(0), [100, 3]))
      .dataSync();
    for (let i = 0; i < samples.length; i += 3) {
      expect(samples[i + 1]).toBeCloseTo(2 * samples[i], 9);
      expect(samples[i + 2]).toBe(5);
    }
  });

  it("needs a point", () => {
    expect(() => fitGaussian({ values: [], dim: 2 })).toThrow("fitGaussian: needs at least one point");
  });
});
