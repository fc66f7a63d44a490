import { expectClose, forAll, shapes, tensorOf } from "@pushforward/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logSoftmax, logSumExp, ops, prod, softmax, type Tensor, tensor, zeros } from "../../src/index.ts";
import { at, indicesOf, valuesOf } from "../support/naive.ts";

const x = tensor([
  [1, 2, 3],
  [4, 6, 8],
]);

const reductions = [
  "sum",
  "mean",
  "max",
  "min",
  "prod",
  "variance",
  "std",
  "any",
  "all",
  "squaredNorm",
  "norm",
  "logSumExp",
] as const;

describe("every reduction", () => {
  it.each(reductions)("%s takes one axis, several, negative ones, or all, and keeps them on demand", (name) => {
    const reduce = ops[name];
    const cube = tensor(
      Array.from({ length: 24 }, (_, i) => (i % 7) + 1),
      { shape: [2, 3, 4] },
    );
    expect(reduce(cube, 1).shape).toEqual([2, 4]);
    expect(reduce(cube, -1).shape).toEqual([2, 3]);
    expect(reduce(cube, [0, -1]).shape).toEqual([3]);
    expect(reduce(cube, [0, 2], { keepDims: true }).shape).toEqual([1, 3, 1]);
    expect(reduce(cube, null).shape).toEqual([]);
    expect(reduce(cube, null, { keepDims: true }).shape).toEqual([1, 1, 1]);
    expect(reduce(cube, []).shape).toEqual([2, 3, 4]);
    expect(() => reduce(cube, 3)).toThrow(`${name}: axis 3 is out of range for shape [2, 3, 4]`);
  });

  it.each(reductions)("%s of axes [0, 2] at once is what moving them together gives", (name) => {
    const cubes = shapes({ minRank: 3, empty: false }).chain((shape) => tensorOf(shape));
    forAll(cubes, (cube) => {
      const moved = cube.transpose([1, 0, 2]).reshape([cube.shape[1], -1]);
      const [got, want] = [ops[name](cube, [0, 2]), ops[name](moved, 1)];
      expectClose(got, want, { rtol: 1e-12, condition: moved.abs().square().sum(1).add(1) });
    });
  });

  it.each(reductions)("%s of one element alone has no axes to reduce and does not fail", (name) => {
    expect(ops[name](tensor(2), null).shape).toEqual([]);
  });
});

describe("mean, variance, std", () => {
  it("are NumPy's", () => {
    expect(valuesOf(x.mean(0))).toEqual([2.5, 4, 5.5]);
    expect(valuesOf(x.variance(1))).toEqual([2 / 3, 8 / 3]);
    expect(x.variance(1, { ddof: 1 }).toArray()).toEqual([1, 4]);
    expect(x.std(1, { ddof: 1, keepDims: true }).toArray()).toEqual([[1], [2]]);
    expect(tensor([]).mean().item()).toBeNaN();
  });

  it("variance loses nothing to a large mean", () => {
    expect(
      tensor([1e9, 1e9 + 1, 1e9 + 2])
        .variance()
        .item(),
    ).toBeCloseTo(2 / 3, 12);
  });
});

describe("prod", () => {
  it("multiplies along any axis, in any length", () => {
    forAll(
      shapes({ minRank: 1, maxRank: 2 }).chain((shape) => fc.tuple(tensorOf(shape), fc.nat({ max: shape.length - 1 }))),
      ([a, axis]) => {
        const got = prod(a, axis);
        for (const index of indicesOf(got.shape)) {
          const line = Array.from({ length: a.shape[axis] }, (_, i) => at(a, index.toSpliced(axis, 0, i)));
          const want = line.reduce((product, value) => product * value, 1);
          expect(Math.abs(at(got, index) - want)).toBeLessThanOrEqual(10 * 2 ** -52 * Math.abs(want));
        }
      },
    );
  });

  it("of nothing is 1, in the operand's dtype, and int32 wraps", () => {
    expect(prod(zeros([2, 0]), 1).toArray()).toEqual([1, 1]);
    expect(prod(zeros([0], { dtype: "int32" })).dtype).toBe("int32");
    expect(() => prod(tensor([true, false]))).toThrow("prod: dtype must be float64 or float32 or int32, got bool");
    expect(prod(tensor([2 ** 16, 2 ** 16, 3], { dtype: "int32" })).item()).toBe(0);
  });
});

describe("any and all", () => {
  it("look at what differs from 0, fractions and NaN too", () => {
    expect(
      valuesOf(
        tensor([
          [0, 0.5],
          [0, 0],
          [NaN, 1],
        ]).any(1),
      ),
    ).toEqual([1, 0, 1]);
    expect(
      valuesOf(
        tensor([
          [0, 0.5],
          [0, 0],
          [NaN, 1],
        ]).all(1),
      ),
    ).toEqual([0, 0, 1]);
    expect(tensor([1]).any().dtype).toBe("bool");
  });

  it("of nothing are false and true", () => {
    expect([zeros([0]).any().item(), zeros([0]).all().item()]).toEqual([0, 1]);
    expect(zeros([2, 0]).all(1).toArray()).toEqual([1, 1]);
  });
});

describe("argmax and argmin", () => {
  it("give the first of equals as int32, the first NaN where there is one", () => {
    const a = tensor([
      [3, 1, 3],
      [NaN, 0, NaN],
    ]);
    expect(valuesOf(a.argmax())).toEqual([0, 0]);
    expect(valuesOf(a.argmin())).toEqual([1, 0]);
    expect(valuesOf(a.argmin(0))).toEqual([1, 1, 1]);
    expect(a.argmax().dtype).toBe("int32");
  });

  it("argmin holds at the ends of int32, and for bools", () => {
    expect(
      tensor([5, -(2 ** 31), 2 ** 31 - 1], { dtype: "int32" })
        .argmin()
        .item(),
    ).toBe(1);
    expect(tensor([true, false, false]).argmin().item()).toBe(1);
  });
});

describe("norms", () => {
  it("act on the last axis unless told otherwise", () => {
    const v = tensor([
      [3, 4],
      [0, 0],
    ]);
    expect(valuesOf(v.squaredNorm())).toEqual([25, 0]);
    expect(valuesOf(v.norm())).toEqual([5, 0]);
    expect(v.norm(null).item()).toBe(5);
    expect(v.norm(0).toArray()).toEqual([3, 4]);
    expect(() => tensor(1).norm()).toThrow("norm: axis -1 is out of range for shape []");
  });
});

describe("logSumExp, softmax, logSoftmax", () => {
  it("agree with their definitions", () => {
    forAll(tensorOf([3, 4], { elements: fc.integer({ min: -40, max: 40 }).map((n) => n / 8) }), (a) => {
      const total = a.exp().sum(1, { keepDims: true });
      expectClose(logSumExp(a, 1, { keepDims: true }), total.log(), { condition: 1 });
      expectClose(softmax(a, 1), a.exp().div(total));
      expectClose(logSoftmax(a, 1), a.sub(total.log()), { condition: 1 });
      expectClose(softmax(a, 0).sum(0), [1, 1, 1, 1]);
    });
  });

  it("do not overflow, and hold where all elements are large", () => {
    const a = tensor([1e8, 1e8 + 1]);
    expect(logSumExp(tensor([1000, 1000])).item()).toBeCloseTo(1000 + Math.LN2, 12);
    expectClose(logSoftmax(a), logSoftmax(tensor([0, 1])));
    expect(valuesOf(softmax(tensor([-1000, 1000])))).toEqual([0, 1]);
  });

  it("at infinities and of nothing", () => {
    expect(logSumExp(tensor([-Infinity, -Infinity])).item()).toBe(-Infinity);
    expect(logSumExp(tensor([Infinity, 0])).item()).toBe(Infinity);
    expect(logSumExp(tensor([NaN, 0])).item()).toBeNaN();
    expect(logSumExp(zeros([2, 0]), 1).toArray()).toEqual([-Infinity, -Infinity]);
    expect(softmax(zeros([2, 0])).shape).toEqual([2, 0]);
    expect(logSoftmax(zeros([0])).shape).toEqual([0]);
    expect(valuesOf(softmax(tensor([-Infinity, 0])))).toEqual([0, 1]);
  });
});

describe("cumsum", () => {
  it("runs along the last axis, from either end", () => {
    expect(x.cumsum().toArray()).toEqual([
      [1, 3, 6],
      [4, 10, 18],
    ]);
    expect(x.cumsum(0).toArray()).toEqual([
      [1, 2, 3],
      [5, 8, 11],
    ]);
    expect(x.cumsum(1, { reverse: true }).toArray()).toEqual([
      [6, 5, 3],
      [18, 14, 8],
    ]);
    expect((zeros([2, 0]) as Tensor).cumsum().shape).toEqual([2, 0]);
  });
});
