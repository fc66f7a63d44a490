import { expectSameBits, forAll, shapes, tensorOf } from "@pushforward/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arange, DomainError, DTypeError, oneHot, sort, type Tensor, take, tensor, zeros } from "../../src/index.ts";
import { at, indicesOf, valuesOf } from "../support/naive.ts";

const int = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });
const x = arange(12).reshape([3, 4]);

describe("gather", () => {
  it("picks rows, repeats them, and takes indices of any rank", () => {
    expect(x.gather(int(2, 0, 0)).toArray()).toEqual([
      [8, 9, 10, 11],
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
    expect(x.gather(tensor(1, { dtype: "int32" })).toArray()).toEqual([4, 5, 6, 7]);
    expect(x.gather(int().reshape([0, 2])).shape).toEqual([0, 2, 4]);
  });

  it("picks per batch row where leading axes are shared", () => {
    expect(x.gather(int(3, 0, 1), { batchAxes: 1 }).toArray()).toEqual([3, 4, 9]);
    expect(
      x
        .gather(
          tensor(
            [
              [3, 3],
              [0, 1],
              [1, 2],
            ],
            { dtype: "int32" },
          ),
          { batchAxes: 1 },
        )
        .toArray(),
    ).toEqual([
      [3, 3],
      [4, 5],
      [9, 10],
    ]);
  });

  it("refuses indices out of range, of another dtype, or plain arrays", () => {
    expect(() => x.gather(int(0, 3))).toThrow(
      new DomainError("gather: indices must lie in [0, 3), got 3 at position 1"),
    );
    expect(() => x.gather(int(-1))).toThrow(DomainError);
    expect(() => x.gather(tensor([0]))).toThrow(DTypeError);
    expect(() => x.gather([0] as never)).toThrow("gather: expected a tensor or a number, got an array");
    expect(() => x.gather(int(0, 0), { batchAxes: 1 })).toThrow("the first 1 axes must agree");
    expect(() => x.gather(int(0), { batchAxes: 2 })).toThrow("no axis to pick from after 2 of [3, 4]");
    expect(() => zeros([0, 2]).gather(int(0))).toThrow(DomainError);
  });
});

describe("scatterAdd", () => {
  it("adds what lands on one place", () => {
    expect(
      tensor([1, 2, 4])
        .scatterAdd(int(1, 1, 0), 3)
        .toArray(),
    ).toEqual([4, 3, 0]);
    expect(zeros([0]).scatterAdd(int(), 2).toArray()).toEqual([0, 0]);
    expect(
      x
        .scatterAdd(
          tensor(
            [
              [0, 0, 1, 1],
              [1, 1, 1, 1],
              [0, 1, 0, 1],
            ],
            { dtype: "int32" },
          ),
          2,
          { batchAxes: 1 },
        )
        .toArray(),
    ).toEqual([
      [1, 5],
      [0, 22],
      [18, 20],
    ]);
  });

  it("is the transpose of gather: ⟨gather(x, i), y⟩ = ⟨x, scatterAdd(y, i)⟩", () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 5 }), shapes({ maxRank: 2 }));
    const cases = sizes.chain(([n, picks]) =>
      fc.tuple(tensorOf([n]), tensorOf(picks), tensorOf(picks, { dtype: "int32", elements: fc.nat({ max: n - 1 }) })),
    );
    forAll(cases, ([a, y, indices]) => {
      const left = a.gather(indices).mul(y).sum().item();
      const right = a.mul(y.scatterAdd(indices, a.size)).sum().item();
      const scale = a.gather(indices).mul(y).abs().sum().item();
      expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-13 * scale);
    });
  });

  it("refuses indices and sizes that are none", () => {
    expect(() => tensor([1]).scatterAdd(int(2), 2)).toThrow("scatterAdd: indices must lie in [0, 2), got 2");
    expect(() => tensor([1]).scatterAdd(int(0), -1)).toThrow("scatterAdd: sizes must be whole numbers");
    expect(() => tensor([1, 2]).scatterAdd(int(0), 1)).toThrow("updates must start with the shape of indices");
  });
});

describe("take", () => {
  it("picks along any axis", () => {
    expect(take(x, int(3, 0), 1).toArray()).toEqual([
      [3, 0],
      [7, 4],
      [11, 8],
    ]);
    expect(take(x, int(1)).shape).toEqual([1, 4]);
    expect(take(x, tensor([[0, 1]], { dtype: "int32" }), -1).shape).toEqual([3, 1, 2]);
  });
});

describe("sort and argsort", () => {
  it("sort each line along an axis, NaN last, whatever the dtype", () => {
    const cases = fc
      .tuple(fc.constantFrom("float64", "float32", "int32", "bool"), shapes({ minRank: 1 }))
      .chain(([dtype, shape]) => fc.tuple(tensorOf(shape, { dtype }), fc.nat({ max: shape.length - 1 })));
    forAll(cases, ([a, axis]) => {
      const sorted = sort(a, axis);
      expect([sorted.shape, sorted.dtype]).toEqual([a.shape, a.dtype]);
      for (const index of indicesOf(a.shape.with(axis, 1))) {
        const line = (t: Tensor): number[] =>
          Array.from({ length: a.shape[axis] }, (_, i) => at(t, index.with(axis, i)));
        expect(line(sorted)).toEqual(line(a).sort((p, q) => p - q));
      }
    });
    expect(valuesOf(sort(tensor([NaN, 1, -Infinity, NaN, 0])))).toEqual([-Infinity, 0, 1, NaN, NaN]);
    expectSameBits(sort(tensor([0, -0])), [0, -0]);
  });

  it("argsort finds that order", () => {
    expect(valuesOf(tensor([3, 1, 2]).argsort())).toEqual([1, 2, 0]);
    expect(x.neg().argsort(0).slice(null, 0).toArray()).toEqual([2, 1, 0]);
    expect(() => tensor(1).sort()).toThrow("sort: axis -1 is out of range for shape []");
    expect(() => x.argsort(2)).toThrow("argsort: axis 2 is out of range");
  });
});

describe("oneHot", () => {
  it("has a one where the index says", () => {
    expect(oneHot(int(1, 0), 3).toArray()).toEqual([
      [0, 1, 0],
      [1, 0, 0],
    ]);
    expect(oneHot(int(7), 2, "float32").toArray()).toEqual([[0, 0]]);
    expect(oneHot(int(), 2).shape).toEqual([0, 2]);
  });
});
