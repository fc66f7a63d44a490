import { describe, expect, it } from "vitest";
import { concat, conv, type DType, matmul, type Tensor } from "../../../../src/index.ts";
import { compiledCheck, values } from "../support/compiledCheck.ts";
import { runSplit } from "../support/runSplit.ts";

const dtypes = ["float32", "float64", "int32"] as const satisfies DType[];

const check = compiledCheck([1, 3]);

const stackOf = (count: number, f: (i: number) => Tensor): Tensor =>
  concat(
    Array.from({ length: count }, (_, i) => f(i).expandDims(0)),
    0,
  );

describe("products of many matrices", () => {
  it.each(dtypes)("multiply batches of every length and layout in %s", (dtype) => {
    for (const batch of [[2], [17], [65], [100], [3, 7], [2, 1, 9]]) {
      for (const [m, k, n] of [
        [1, 1, 1],
        [3, 5, 2],
        [9, 4, 17],
        [1, 33, 5],
        [8, 7, 1],
      ]) {
        const [a, b] = [values(1, [...batch, m, k], dtype), values(2, [...batch, k, n], dtype)];
        const [at, bt] = [values(3, [...batch, k, m], dtype), values(4, [...batch, n, k], dtype)];
        check((x, y) => matmul(x, y), a, b);
        check((x, y) => matmul(x.swapAxes(-1, -2), y.swapAxes(-1, -2)), at, bt);
      }
    }
  });

  it.each(dtypes)("multiply what is broadcast, turned, stepped and runs backwards in %s", (dtype) => {
    const [a, b] = [values(1, [20, 6, 5], dtype), values(2, [5, 9], dtype)];
    check((x, y) => matmul(x, y.broadcastTo([20, 5, 9])), a, b);
    check((x, y) => matmul(y.transpose().broadcastTo([20, 9, 5]), x.swapAxes(1, 2)), a, b);
    check((x) => matmul(x.transpose([1, 0, 2]), x.transpose([1, 2, 0])), a);
    check((x) => matmul(x.slice([0, 20, 3]), x.slice([1, 20, 3]).swapAxes(1, 2)), a);
    const flips = [[], [1], [2], [1, 2], [0, 1, 2]];
    for (const left of flips) {
      for (const right of flips) check((x) => matmul(x.flip(left), x.flip(right).swapAxes(1, 2)), a);
    }
    for (const [left, right] of [
      [[0], []],
      [[1], [0]],
      [
        [0, 1],
        [0, 1],
      ],
    ])
      check((x, y) => matmul(x.slice(3).flip(left), y.flip(right)), a, b);
  });

  it("shares small matrices of a batch by number and large ones by rows", () => {
    const small = check((x) => matmul(x, x), values(1, [40, 8, 8], "float64"));
    expect(small).toEqual([40]);
    const large = check((x) => matmul(x, x.flip(1)), values(1, [3, 141, 141], "float32"));
    expect(large).toEqual([18, 36, 18, 36, 18, 36]);
  });

  it.each(dtypes)("have the bits of each product alone, whatever is left over at their edges, in %s", (dtype) => {
    const layouts: readonly [string, (x: Tensor) => Tensor, (y: Tensor) => Tensor][] = [
      ["as they are", (x) => x, (y) => y],
      ["turned", (x) => x.swapAxes(-1, -2).add(0).swapAxes(-1, -2), (y) => y.swapAxes(-1, -2).add(0).swapAxes(-1, -2)],
    ];
    for (const [m, k, n] of [
      [1, 1, 1],
      [5, 12, 8],
      [9, 13, 4],
      [10, 16, 9],
      [13, 24, 17],
      [3, 25, 7],
      [49, 16, 49],
      [8, 73, 33],
      [2, 145, 23],
      [70, 3, 12],
    ]) {
      const [a, b] = [values(1, [6, m, k], dtype), values(2, [6, k, n], dtype)];
      for (const [name, left, right] of layouts) {
        const batch = runSplit((x, y) => matmul(left(x), right(y)), [a, b]).outputs[0];
        const each = runSplit((x, y) => stackOf(6, (i) => matmul(left(x.slice(i)), right(y.slice(i)))), [a, b])
          .outputs[0];
        expect([name, m, k, n, batch.dataSync()]).toEqual([name, m, k, n, each.dataSync()]);
      }
    }
  });

  it("share a right factor, or one row of the left", () => {
    const [a, b] = [values(1, [7, 6, 5], "float32"), values(2, [5, 9], "float32")];
    check((x, y) => matmul(x.slice(null, [0, 1]).broadcastTo([7, 6, 5]), y.broadcastTo([7, 5, 9])), a, b);
    check((x, y) => matmul(x, y.slice(null, [2, 3]).broadcastTo([7, 5, 9])), a, b);
    check((x, y) => matmul(x, y.slice([1, 2]).broadcastTo([7, 5, 9])), a, b);
    check((x, y) => matmul(x.slice(null, null, [1, 2]).broadcastTo([7, 6, 5]), y.broadcastTo([7, 5, 9])), a, b);
  });

  it("have no steps, or no elements", () => {
    for (const dtype of dtypes) {
      check((x, y) => matmul(x, y), values(1, [20, 3, 0], dtype), values(2, [20, 0, 4], dtype));
      check((x, y) => matmul(x, y), values(1, [0, 3, 2], dtype), values(2, [0, 2, 4], dtype));
      check((x, y) => matmul(x, y), values(1, [20, 0, 2], dtype), values(2, [20, 2, 4], dtype));
    }
  });
});

describe("products and convolutions that differ in addresses alone", () => {
  const pictures = values(1, [2, 7, 6, 3], "float32");
  const kernels = [2, 3].map((seed) => values(seed, [3, 3, 3, 3], "float32"));
  const matrices = [4, 5].map((seed) => values(seed, [19, 19], "float32"));

  it.each([
    ["matmul", (x: Tensor, y: Tensor) => matmul(matmul(x, y), y), (x: Tensor, y: Tensor) => matmul(x, y), matrices],
    [
      "conv",
      (x: Tensor, k: Tensor) => conv(conv(x, k), k),
      (x: Tensor, k: Tensor) => conv(x, k),
      [pictures, kernels[0]],
    ],
  ] as const)("share the code of %s", (_, twice, once, inputs) => {
    const bytesOf = (f: (x: Tensor, y: Tensor) => Tensor) =>
      runSplit(f as (...xs: Tensor[]) => Tensor, inputs).moduleBytes;
    check(twice as (...xs: Tensor[]) => Tensor, ...inputs);
    // Calls with other addresses are all that the second one adds.
    expect(bytesOf(twice) - bytesOf(once)).toBeLessThan(200);
  });

  it("have code of their own where sizes or layouts differ", () => {
    const [a, b] = matrices;
    const bytesOf = (f: (x: Tensor, y: Tensor) => Tensor) =>
      runSplit(f as (...xs: Tensor[]) => Tensor, [a, b]).moduleBytes;
    const once = bytesOf((x, y) => matmul(x, y));
    for (const f of [
      (x: Tensor, y: Tensor) => matmul(matmul(x, y), y.swapAxes(0, 1)),
      (x: Tensor, y: Tensor) => matmul(matmul(x, y), y.slice(null, 7)),
    ]) {
      check(f as (...xs: Tensor[]) => Tensor, a, b);
      expect(bytesOf(f) - once).toBeGreaterThan(600);
    }
  });
});
