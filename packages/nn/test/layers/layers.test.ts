import { key, tensor } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { layers } from "../../src/index.ts";

describe("layers", () => {
  it("start from keys of their own for every parameter, in the requested dtype", () => {
    const layer = layers.attention({ dim: 4, heads: 1 });
    const params = layer.init(key(0), { dtype: "float32" });
    expect(params.qkv.weight.dtype).toBe("float32");
    expect([...params.proj.weight.dataSync()]).not.toEqual([...params.qkv.weight.slice(null, [0, 4]).dataSync()]);
    expectSameBits(params, layer.init(key(0), { dtype: "float32" }));
    expect([...layer.init(key(1)).proj.weight.dataSync()]).not.toEqual([...layer.init(key(0)).proj.weight.dataSync()]);
  });

  it("without parameters have an empty tree", () => {
    const layer = layers.layerNorm({ dim: 2, affine: false });
    expect(layer.init(key(0))).toEqual({});
    expect(() => layer.apply({ weight: tensor([1, 1]) }, tensor([[1, 2]]))).toThrow(
      'layerNorm: the parameters must hold nothing, got "weight" too',
    );
  });

  it("refuse parameters and inputs that do not fit", () => {
    const layer = layers.linear({ in: 2, out: 3 });
    const params = layer.init(key(0));
    expect(() => layer.apply(tensor([1]) as never, tensor([[1, 2]]))).toThrow(
      "linear: apply takes the parameters first, { weight, bias } as init(key) makes them, got a tensor [1]",
    );
    expect(() => layer.apply({ weight: params.weight }, tensor([[1, 2]]))).toThrow("linear: bias must be a tensor [3]");
    expect(() => layer.apply(params, tensor([[1, 2, 3]]))).toThrow("linear: the last axis must have size 2");
    expect(() => layers.linear({ in: 2.5, out: 1 })).toThrow("linear: in must be a whole number ≥ 1, got 2.5");
    const table = layers.embedding({ count: 3, dim: 2 });
    const rows = table.init(key(0));
    expect(() => table.apply(rows, tensor([3], { dtype: "int32" }))).toThrow(
      "embedding: the indices must lie in [0, 2], got 3 at position 0",
    );
    expect(() => table.apply(rows, tensor([1]))).toThrow("embedding: the indices must be an int32 tensor, got float64");
  });
});
