import { expectClose } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { singularValues } from "../../src/observatory/singularValues.ts";

const [c, s] = [Math.cos(0.7), Math.sin(0.7)];

const cases: readonly [name: string, matrix: readonly number[], wanted: readonly number[]][] = [
  ["a number", [-3], [3]],
  ["a diagonal matrix, sorted", [0.5, 0, 0, 0, -4, 0, 0, 0, 2], [4, 2, 0.5]],
  ["a rotation", [c, -s, s, c], [1, 1]],
  ["a scaled reflection", [0, 3, 3, 0], [3, 3]],
  // u·vᵀ with ‖u‖ = 5, ‖v‖ = 13
  ["a matrix of rank 1", [3 * 5, 3 * 12, 4 * 5, 4 * 12], [65, 0]],
  ["a matrix of zeros", [0, 0, 0, 0], [0, 0]],
  // Eigenvalues 2 − √2, 2, 2 + √2 of the second difference.
  ["a symmetric matrix", [2, -1, 0, -1, 2, -1, 0, -1, 2], [2 + Math.SQRT2, 2, 2 - Math.SQRT2]],
  // Eigenvalues 5, −1, −1: singular values are their sizes.
  ["a symmetric matrix with negative eigenvalues", [1, 2, 2, 2, 1, 2, 2, 2, 1], [5, 1, 1]],
  ["a shear", [1, 1, 0, 1], [(1 + Math.sqrt(5)) / 2, (Math.sqrt(5) - 1) / 2]],
  ["a shear of tiny numbers", [1e-200, 1e-200, 0, 1e-200], [(1 + Math.sqrt(5)) / 2e200, (Math.sqrt(5) - 1) / 2e200]],
  ["a shear of huge numbers", [1e200, 1e200, 0, 1e200], [(1 + Math.sqrt(5)) * 5e199, (Math.sqrt(5) - 1) * 5e199]],
  ["columns of very different length", [1e-150, 0, 0, 1e150], [1e150, 1e-150]],
  ["small values beside large ones", [1, 1, 0, 1e-12], [Math.SQRT2, 1e-12 / Math.SQRT2]],
];

describe("singular values", () => {
  it.each(cases)("of %s", (_, matrix, wanted) => {
    const n = Math.sqrt(matrix.length);
    const condition = wanted.includes(0) ? wanted[0] : 0;
    expectClose(singularValues(matrix, n), [...wanted], { rtol: 1e-14, condition });
    // The control: another matrix has other singular values.
    const changed = matrix.map((each, i) => (i === matrix.length - 1 ? 3 * each + (wanted[0] || 1) : each));
    expect(() => expectClose(singularValues(changed, n), [...wanted], { rtol: 1e-3 })).toThrow();
  });

  it("have the determinant as their product and the sum of squares of the matrix", () => {
    const matrix = [0.3, -1.2, 2.5, 0.7, 0.1, -0.4, 1.9, 3.3, -2.2];
    const [x, y, z] = singularValues(matrix, 3);
    const [[a, b, d], [e, f, g], [h, i, j]] = [matrix.slice(0, 3), matrix.slice(3, 6), matrix.slice(6)];
    const det = a * (f * j - g * i) - b * (e * j - g * h) + d * (e * i - f * h);
    expectClose([x * y * z], [Math.abs(det)], { rtol: 1e-14 });
    expectClose([x * x + y * y + z * z], [matrix.reduce((sum, each) => sum + each * each, 0)], { rtol: 1e-14 });
  });

  it("are those of the transposed matrix", () => {
    const [rows, columns] = [
      [0.3, -1.2, 2.5, 0.7, 0.1, -0.4, 1.9, 3.3, -2.2],
      [0.3, 0.7, 1.9, -1.2, 0.1, 3.3, 2.5, -0.4, -2.2],
    ];
    expectClose(singularValues(rows, 3), singularValues(columns, 3), { rtol: 1e-14 });
  });

  it("of a matrix with an entry that is not finite are not a number", () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(singularValues([1, 0, bad, 1], 2)).toEqual([Number.NaN, Number.NaN]);
  });

  it("leave the matrix as it was", () => {
    const matrix = Object.freeze([1, 2, 3, 4]);
    singularValues(matrix, 2);
    expect(matrix).toEqual([1, 2, 3, 4]);
  });
});
