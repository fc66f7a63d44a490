import { key, normal } from "@pushforward/tensor";
import { eigs } from "mathjs";
import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../../src/distributions/symmetricEigen.ts";

/** A random symmetric matrix. */
function symmetric(n: number, seed: number): number[][] {
  const z = normal(key(seed), [n, n]).dataSync();
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => z[i * n + j] + z[j * n + i]));
}

describe("symmetricEigen", () => {
  it.each([1, 2, 3, 5, 17, 64])("rebuilds a matrix of size %i from orthonormal vectors", (n) => {
    const matrix = symmetric(n, n);
    const { values, vectors: q } = symmetricEigen(matrix);
    let worst = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let [rebuilt, product] = [0, 0];
        for (let k = 0; k < n; k++) {
          rebuilt += q[i * n + k] * values[k] * q[j * n + k];
          product += q[k * n + i] * q[k * n + j];
        }
        worst = Math.max(worst, Math.abs(rebuilt - matrix[i][j]), Math.abs(product - Number(i === j)));
      }
    }
    expect(worst).toBeLessThan(1e-14 * (n + 8));
  });

  it("agrees with another method", () => {
    const matrix = symmetric(4, 3);
    const expected = (eigs(matrix).values as number[]).sort((a, b) => a - b);
    const got = [...symmetricEigen(matrix).values].sort((a, b) => a - b);
    for (const [i, value] of got.entries()) expect(value).toBeCloseTo(expected[i], 10);
  });

  it("keeps the order of a diagonal matrix and takes zeros", () => {
    expect([
      ...symmetricEigen([
        [3, 0],
        [0, 1],
      ]).values,
    ]).toEqual([3, 1]);
    expect([
      ...symmetricEigen([
        [0, 0],
        [0, 0],
      ]).values,
    ]).toEqual([0, 0]);
  });

  it("refuses what is not square, finite or symmetric", () => {
    expect(() => symmetricEigen([[1, 2]])).toThrow(/must be square, row 0 of 1 has 2 entries/);
    expect(() =>
      symmetricEigen([
        [1, 2],
        [2.1, 1],
      ]),
    ).toThrow(/symmetric, got 2 at \[0, 1\] and 2.1 at \[1, 0\]/);
    expect(() => symmetricEigen([[Number.NaN]])).toThrow(/finite/);
  });
});
