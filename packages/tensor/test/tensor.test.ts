import { forAll, tensors } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { fromData, type Tensor, tensor, typeOf, weakScalar, zeros } from "../src/index.ts";

describe("a tensor", () => {
  it("knows its shape, rank, size and dtype", () => {
    const x = zeros([2, 0, 3], { dtype: "float32" });
    expect([x.shape, x.rank, x.size, x.dtype, x.weak, x.readable]).toEqual([[2, 0, 3], 3, 0, "float32", false, true]);
    expect(typeOf(x)).toEqual({ shape: [2, 0, 3], dtype: "float32", weak: false });
  });

  it("hands out copies: writing to them changes nothing", async () => {
    const x = tensor([1, 2]);
    x.dataSync()[0] = 9;
    (await x.data())[1] = 9;
    expect([...x.dataSync()]).toEqual([1, 2]);
  });

  it("does not change when what it was made of changes", () => {
    const values = Float64Array.of(1, 2);
    const shape = [2];
    const x = tensor(values, { shape });
    values[0] = 9;
    shape[0] = 9;
    expect([x.toArray(), x.shape]).toEqual([[1, 2], [2]]);
  });

  it("item reads the one element, whatever the rank", () => {
    expect(tensor([[[7]]]).item()).toBe(7);
    expect(() => tensor([1, 2]).item()).toThrow("item: the tensor must have one element, got [2]");
    expect(() => tensor([]).item()).toThrow("got [0]");
  });

  it("toArray nests as the shape says, also around empty axes", () => {
    expect(tensor(5).toArray()).toBe(5);
    expect(zeros([2, 0]).toArray()).toEqual([[], []]);
    expect(zeros([0, 2]).toArray()).toEqual([]);
    forAll(tensors(), (x) => {
      expect(tensor(x.toArray() as number[], { shape: x.shape }).dataSync()).toEqual(x.dataSync());
    });
  });

  it("fromData wraps without copying and checks the length", () => {
    const data = Float32Array.of(1, 2, 3, 4);
    const x = fromData(data, [2, 2]);
    expect([x.dtype, x.buffer]).toEqual(["float32", data]);
    expect(() => fromData(data, [3])).toThrow("fromData: [3] needs 3 elements, got 4");
  });

  it("weakScalar yields to what it meets", () => {
    const half: Tensor = weakScalar(0.5);
    expect([half.weak, half.mul(tensor([1], { dtype: "float32" })).dtype]).toEqual([true, "float32"]);
  });
});
