import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import {
  argmax,
  bind,
  concat,
  cumsum,
  type DenseTensor,
  type DType,
  fromData,
  gather,
  interpret,
  iota,
  primitives,
  type Shape,
  scatterAdd,
  sizeOf,
  type Tensor,
  tensor,
  trace,
} from "../../../../src/index.ts";
import { runSplit } from "../support/runSplit.ts";

const all = ["float64", "float32", "int32", "bool"] as const satisfies DType[];
const numbers = ["float64", "float32", "int32"] as const satisfies DType[];
const specials = [Number.NaN, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** Few different values, so that there are ties; with `special` now and then one that is not a common number. */
function values(shape: Shape, dtype: DType, special = false): DenseTensor {
  const data = Array.from({ length: sizeOf(shape) }, (_, i) => {
    const mixed = (Math.imul(i + 11, 2654435761) >>> 0) / 2 ** 32;
    if (dtype === "bool") return mixed < 0.4 ? 1 : 0;
    if (dtype === "int32") return Math.floor(mixed * 9) - 4 + (mixed > 0.9 ? 2 ** 31 - 7 : 0);
    return special && mixed > 0.8 ? specials[i % 4] : Math.floor(mixed * 9) / 3 - 1.3;
  });
  return tensor(data, { dtype, shape });
}

const indicesOf = (shape: Shape, from = -3, to = 9): DenseTensor =>
  tensor(
    Int32Array.from({ length: sizeOf(shape) }, (_, i) => from + ((i * 7) % (to - from))),
    { shape },
  );

/** Compiled code and the reference loops give the same bits, in any split of the work, and nothing was left to the host. */
function check(f: (...xs: Tensor[]) => unknown, ...inputs: DenseTensor[]): void {
  const want = interpret(trace(f)(...inputs), inputs);
  for (const pieces of [1, 3]) {
    const { outputs, hosted } = runSplit(f, inputs, pieces);
    expect(hosted).toEqual([]);
    expectSameBits(outputs, want);
  }
}

/** 0-d, empty, single, odd, around the width of vectors and of blocks, and long. */
const shapes: Shape[] = [
  [1],
  [7],
  [64],
  [65],
  [9001],
  [0, 3],
  [3, 0],
  [1, 1],
  [3, 5],
  [16, 33],
  [33, 16],
  [2, 3, 4],
  [5, 1, 9],
];
const cubes: Shape[] = [
  [4, 5, 6],
  [2, 17, 19],
  [3, 8, 70],
  [1, 40, 1],
  [6, 0, 2],
];

describe("moves", () => {
  it.each(all)("copies turned, flipped, stepped and repeated views of %s", (dtype) => {
    for (const shape of cubes) {
      const x = values(shape, dtype, true);
      check(
        (a) => [
          a.transpose([2, 0, 1]).ravel(),
          a.transpose([1, 0, 2]).ravel(),
          a.transpose([0, 2, 1]).ravel(),
          a.flip([0, 2]).ravel(),
          a.slice(null, [0, shape[1], 2], [0, shape[2], 3]).ravel(),
          a.slice([0, shape[0], 2]).flip(1).transpose().ravel(),
        ],
        x,
      );
      check(
        (a) =>
          a
            .reshape([...shape, 1])
            .broadcastTo([...shape, 3])
            .ravel(),
        x,
      );
    }
  });

  it.each(all)("joins arrays of %s along every axis", (dtype) => {
    for (const shape of [...shapes, ...cubes]) {
      const [x, y] = [values(shape, dtype, true), values(shape, dtype)];
      for (let axis = 0; axis < shape.length; axis++) {
        check(
          (a, b) => concat([a, b.flip(axis), a.slice(...shape.map((n): [number, number] => [0, n])), b], axis),
          x,
          y,
        );
      }
    }
  });

  it.each(all)("surrounds arrays of %s with zeros, also between neighbours", (dtype) => {
    const widths = (n: number, by: number): number[] => Array.from({ length: n }, (_, i) => (i * by + 1) % 4);
    for (const shape of [[], ...shapes, ...cubes]) {
      const low = widths(shape.length, 1);
      const high = widths(shape.length, 2);
      const interior = widths(shape.length, 3);
      check((a) => bind(primitives.pad, [a], { low, high, interior }), values(shape, dtype, true));
      check((a) => bind(primitives.pad, [a.transpose()], { low, high, interior: low }), values(shape, dtype));
    }
  });

  it.each(all)("picks rows, elements and blocks of %s, with indices clamped", (dtype) => {
    const x = values([6, 5, 7], dtype, true);
    for (const picks of [[], [1], [0], [13], [3, 5]]) {
      check((a, i) => [gather(a, i), gather(a.transpose(), i), gather(a.ravel(), i)], x, indicesOf(picks));
      check((a, i) => gather(a.flip(2).transpose([1, 0, 2]), i.flip([...picks.keys()])), x, indicesOf(picks));
    }
    check((a, i) => gather(a, i, { batchAxes: 1 }), x, indicesOf([6, 4]));
    check((a, i) => gather(a, i.transpose(), { batchAxes: 2 }), x, indicesOf([3, 5, 6]));
    check((a, i) => gather(a.transpose(), i, { batchAxes: 2 }), x, indicesOf([7, 5]));
    check((a, i) => gather(a, i), values([4, 300], dtype), indicesOf([5]));
    check((a, i) => gather(a, i), values([4, 0], dtype), indicesOf([5]));
  });

  it.each(numbers)("adds %s at indices, in their order", (dtype) => {
    const rows = [[], [1], [5], [64], [130], [3, 7], [9, 2]];
    for (const row of rows) {
      const x = values([40, ...row], dtype, true);
      check((a, i) => scatterAdd(a, i, 6), x, indicesOf([40]));
      check((a, i) => scatterAdd(a.flip(0).mul(3), i, 6), values([5, 8, ...row], dtype), indicesOf([5, 8]));
      check((a, i) => scatterAdd(a.reshape([5, 8, ...row]), i, 6, { batchAxes: 1 }), x, indicesOf([5, 8]));
    }
    check((a, i) => scatterAdd(a.transpose(), i, 7), values([33, 10], dtype), indicesOf([10]));
    check((a, i) => scatterAdd(a.transpose(), i, 7), values([3, 4, 10], dtype), indicesOf([10]));
    check((a, i) => scatterAdd(a, i, 0), values([3], dtype), indicesOf([3]));
    check((a, i) => scatterAdd(a, i, 5), values([0, 3], dtype), indicesOf([0]));
    check((a, i) => scatterAdd(a, i, 5, { batchAxes: 2 }), values([2, 3, 4], dtype), indicesOf([2, 3, 4]));
  });

  it("adds in the order of indices, which decides the last bit", () => {
    const x = tensor([1, 2 ** -53, 2 ** -53, -1]);
    check((a, i) => [scatterAdd(a, i, 1), scatterAdd(a.flip(0), i, 1)], x, tensor([0, 0, 0, 0], { dtype: "int32" }));
  });

  it.each(numbers)("writes indices of %s along every axis", (dtype) => {
    for (const shape of [...shapes, ...cubes]) {
      for (let axis = 0; axis < shape.length; axis++) check((a) => [a, iota(shape, axis, dtype)], tensor(0));
    }
  });
});

describe("scan", () => {
  it.each(numbers)("sums %s along every axis, forwards and backwards, rounding where the reference does", (dtype) => {
    for (const shape of [...shapes, ...cubes]) {
      for (let axis = 0; axis < shape.length; axis++) {
        for (const reverse of [false, true]) {
          check((a) => cumsum(a, axis, { reverse }), values(shape, dtype, shape[axis] < 6));
          check((a) => cumsum(a.flip(0).transpose(), axis, { reverse }), values([...shape].reverse(), dtype));
        }
      }
    }
  });
});

describe("sums over nothing", () => {
  it.each(numbers)("are 0 in %s, and none where there are no results", (dtype) => {
    check((a) => [a.sum(), a.sum(0), a.sum(1), a.sum([1, 2])], values([3, 0, 4], dtype));
  });
});

describe("the values of these tests", () => {
  it("tell a running sum that is rounded at every step, and an argmax that takes the last of equals", () => {
    const x = values([9001], "float32");
    let running = 0;
    const rounded = Float32Array.from(x.buffer, (value) => {
      running = Math.fround(running + value);
      return running;
    });
    expect(() => expectSameBits(cumsum(x, 0), fromData(rounded, [9001]))).toThrow("elements are off");
    const last = argmax(x.flip(0), 0).item();
    expect(9000 - last).not.toBe(argmax(x, 0).item());
  });
});

describe("argmax", () => {
  it.each(all)("finds the first of equals and the first NaN of %s along every axis", (dtype) => {
    for (const shape of [...shapes, ...cubes, [4, 4, 4, 3]]) {
      for (let axis = 0; axis < shape.length; axis++) {
        if (shape[axis] === 0) continue;
        for (const special of [false, true]) {
          const x = values(shape, dtype, special);
          check((a) => argmax(a, axis), x);
          check((a) => [argmax(a.flip(axis), axis), argmax(a.transpose(), shape.length - 1 - axis)], x);
        }
      }
    }
  });

  it.each(numbers)("takes −∞, the smallest and constants for what they are, in %s", (dtype) => {
    const least = dtype === "int32" ? -(2 ** 31) : Number.NEGATIVE_INFINITY;
    for (const n of [2, 3, 4, 5, 9]) {
      const x = tensor(new Array(n * 3).fill(least), { dtype, shape: [n, 3] });
      check((a) => [argmax(a, 0), argmax(a.transpose(), 1), argmax(a.mul(0), 0), argmax(a.reshape([n * 3]), 0)], x);
    }
  });

  it("computes what it compares, of mixed widths too", () => {
    const x = values([7, 9], "float32", true);
    const y = values([7, 9], "float64");
    check((a, b) => [argmax(a.sin().mul(a), 1), argmax(a.cast("float64").mul(b).cast("float32"), 0)], x, y);
    check((a, b) => [argmax(a.less(b.cast("float32")), 1), argmax(b.less(0.2), 0), argmax(b.less(0.2), 1)], x, y);
  });
});
