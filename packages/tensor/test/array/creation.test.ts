import { describe, expect, it } from "vitest";
import {
  arange,
  DomainError,
  type DType,
  DTypeError,
  eye,
  full,
  fullLike,
  linspace,
  ones,
  onesLike,
  ShapeError,
  tensor,
  tri,
  zeros,
  zerosLike,
} from "../../src/index.ts";
import { valuesOf } from "../support/naive.ts";

describe("tensor", () => {
  it("is float64 for numbers, bool for booleans, and keeps the type of typed arrays and tensors", () => {
    expect(tensor([1, 2]).dtype).toBe("float64");
    expect(tensor([true]).dtype).toBe("bool");
    expect(tensor([true, 1]).dtype).toBe("float64");
    expect(tensor(Float32Array.of(1)).dtype).toBe("float32");
    expect(tensor(Int32Array.of(1)).dtype).toBe("int32");
    expect(tensor(tensor([[1]], { dtype: "float32" })).dtype).toBe("float32");
  });

  it("takes its shape from the nesting, empty ones too", () => {
    expect(tensor([[1, 2, 3]]).shape).toEqual([1, 3]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor(4).shape).toEqual([]);
    expect(tensor([1, 2, 3, 4], { shape: [2, 2] }).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it("of a tensor keeps its shape, of tensors stacks them in their dtype", () => {
    const row = tensor([1, 2], { dtype: "float32" });
    expect(
      tensor(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ).shape,
    ).toEqual([2, 2]);
    const rows = tensor([row, row]);
    expect([rows.shape, rows.dtype]).toEqual([[2, 2], "float32"]);
    expect(tensor([tensor(1), 2]).toArray()).toEqual([1, 2]);
    expect(() => tensor([row, tensor([1, 2])])).toThrow(DTypeError);
  });

  it("rounds to float32, and refuses what int32 and bool cannot hold", () => {
    expect(tensor(0.1, { dtype: "float32" }).item()).toBe(Math.fround(0.1));
    for (const bad of [0.5, 2 ** 31, NaN, Infinity]) expect(() => tensor(bad, { dtype: "int32" })).toThrow(DomainError);
    expect(() => tensor(2, { dtype: "bool" })).toThrow("tensor: bool holds 0, 1, true or false, got 2");
  });

  it("refuses ragged rows and what is no number, with the place", () => {
    expect(() => tensor([[1, 2], [3]])).toThrow("values[1] does not fit [2, 2]");
    expect(() => tensor([1, [2]])).toThrow("values[1] does not fit [2]");
    expect(() => tensor([[1], 2] as never)).toThrow("values[1] does not fit [2, 1]");
    expect(() => tensor([["a"]] as never)).toThrow("tensor: values[0][0] must be a number, got string");
    expect(() => tensor(undefined as never)).toThrow("must be a number, got undefined");
    expect(() => tensor([1, 2, 3], { shape: [2, 2] })).toThrow("tensor: [2, 2] needs 4 elements, got 3");
    expect(() => tensor([1], { dtype: "float16" as DType })).toThrow("got float16");
  });
});

describe("filled tensors", () => {
  it("hold one value", () => {
    expect(valuesOf(zeros([3]))).toEqual([0, 0, 0]);
    expect(ones([2, 2], { dtype: "int32" }).dtype).toBe("int32");
    expect(full([], 7).item()).toBe(7);
    expect(full([1], true).dtype).toBe("bool");
    expect(full([0, 4], 1).size).toBe(0);
  });

  it("like another take its shape and dtype, and are never weak", () => {
    const x = tensor([[1, 2]], { dtype: "float32" });
    for (const y of [zerosLike(x), onesLike(x), fullLike(x, 0.5)])
      expect([y.shape, y.dtype]).toEqual([[1, 2], "float32"]);
    expect(onesLike(tensor(1).add(2)).weak).toBe(false);
  });

  it("refuse shapes that are none and values that do not fit", () => {
    expect(() => zeros([-1])).toThrow(ShapeError);
    expect(() => zeros([1.5])).toThrow("sizes must be whole numbers ≥ 0, got [1.5] (axis 0)");
    expect(() => zeros([2 ** 20, 2 ** 20])).toThrow("more than 2^32");
    expect(() => full([1], 0.5, { dtype: "int32" })).toThrow("full: int32 holds whole numbers");
  });
});

describe("ranges", () => {
  it("arange counts from start below stop", () => {
    expect(valuesOf(arange(4))).toEqual([0, 1, 2, 3]);
    expect(valuesOf(arange(2, 8, 3))).toEqual([2, 5]);
    expect(valuesOf(arange(3, 0, -1))).toEqual([3, 2, 1]);
    expect(arange(5, 5).shape).toEqual([0]);
    expect(arange(0, 1, 0.1).shape).toEqual([10]);
    expect(arange(3, undefined, 1, { dtype: "int32" }).dtype).toBe("int32");
    expect(() => arange(0, 1, 0)).toThrow("arange: step must not be 0");
    expect(() => arange(0, 1, 0.5, { dtype: "int32" })).toThrow("arange: int32 holds whole numbers");
  });

  it("linspace includes both ends, exactly", () => {
    const x = valuesOf(linspace(-1, 0.3, 7));
    expect([x[0], x[6], x.length]).toEqual([-1, 0.3, 7]);
    expect(x[3]).toBeCloseTo(-0.35, 15);
    expect(valuesOf(linspace(2, 5, 1))).toEqual([2]);
    expect(linspace(0, 1, 0).shape).toEqual([0]);
    expect(linspace(0, 1).size).toBe(50);
    expect(() => linspace(0, 1, 3, { dtype: "int32" })).toThrow("linspace: int32");
  });
});

describe("matrices", () => {
  it("eye has ones on a diagonal, tri on and below it", () => {
    expect(eye(2).toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(eye(2, 3, { k: 1 }).toArray()).toEqual([
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(tri(3, 2).toArray()).toEqual([
      [1, 0],
      [1, 1],
      [1, 1],
    ]);
    expect(tri(2, 2, { k: -1, dtype: "bool" }).toArray()).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(eye(0).shape).toEqual([0, 0]);
  });
});
