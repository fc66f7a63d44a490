import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatSafetensors, key, normal, parseSafetensors, type Tensor, tensor, transpose } from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { dit, fromNamed, importTorch, mlp, named, torchLayouts } from "../src/index.ts";
import { drawn } from "./support/drawn.ts";

const net = dit({ image: [2, 2, 1], patch: 1, dim: 4, depth: 2, heads: 2, classes: 2, qkNorm: true });
const params = net.init(key(0));

describe("named", () => {
  it("gives the leaves of a tree dotted names, and fromNamed puts them back", () => {
    const record = named(params);
    expect(Object.keys(record)).toContain("blocks.1.attn.qNorm.weight");
    expect(Object.keys(record)).toContain("xEmbedder.proj.bias");
    expect(record["blocks.1.mlp.fc2.bias"]).toBe(params.blocks[1].mlp.fc2.bias);
    expectSameBits(fromNamed(record, net.init(key(1))), params);
    const { tensors } = parseSafetensors(formatSafetensors(record));
    expectSameBits(fromNamed(tensors, net.init(key(1))), params);
    expect(Object.keys(named([tensor(1), { a: [2] }]))).toEqual(["0", "1.a.0"]);
  });

  it("refuses two leaves with one name", () => {
    expect(() => named({ a: { b: 1 }, "a.b": 2 })).toThrow('named: leaves must have different names, got "a.b" twice');
  });
});

describe("fromNamed", () => {
  const like = mlp({ sizes: [2, 3] }).init(key(0), { dtype: "float32" });
  const record = named(mlp({ sizes: [2, 3] }).init(key(5)));

  it("takes the dtype of the other tree", () => {
    const made = fromNamed(record, like);
    expect(made.layers[0].weight.dtype).toBe("float32");
    expectSameBits(made.layers[0].weight, record["layers.0.weight"].cast("float32"));
  });

  it("names what is missing, left over, or of another shape", () => {
    const { "layers.0.bias": bias, ...rest } = record;
    expect(() => fromNamed(rest, like)).toThrow('fromNamed: the record must hold "layers.0.bias"');
    expect(() => fromNamed({ ...record, old: bias }, like)).toThrow('fromNamed: the record must not hold "old"');
    expect(() => fromNamed({ ...rest, "layer.0.bias": bias }, like)).toThrow(
      'must hold "layers.0.bias" and must not hold "layer.0.bias"; did you mean layers.0.bias?',
    );
    expect(() => fromNamed({ ...rest, "layers.0.bias": tensor([1, 2]) }, like)).toThrow(
      'fromNamed: "layers.0.bias" must be [3], got [2]',
    );
    const whole = tensor([1, 2, 3], { dtype: "int32" });
    expect(() => fromNamed({ ...rest, "layers.0.bias": whole }, like)).toThrow(
      'fromNamed: "layers.0.bias" must be float32, got int32',
    );
  });
});

describe("importTorch", () => {
  const matrix = normal(key(1), [3, 2]);
  const kernel = normal(key(2), [4, 3, 5, 2]);

  it("renames parts, turns matrices and kernels, and leaves other tensors as they are", () => {
    const given = {
      "net.0.weight": matrix,
      "net.0.bias": matrix,
      "table.weight": matrix,
      "conv.weight": kernel,
      old: kernel,
    };
    const made = importTorch(given, { rename: { "net.0": "fc", old: null }, transpose: { table: false } });
    expect(Object.keys(made)).toEqual(["fc.weight", "fc.bias", "table.weight", "conv.weight"]);
    expectSameBits(made["fc.weight"], transpose(matrix));
    expectSameBits(made["fc.bias"], matrix);
    expectSameBits(made["table.weight"], matrix);
    expect(made["conv.weight"].shape).toEqual([5, 2, 3, 4]);
    expect(made["conv.weight"].slice(1, 0, 2, 3).item()).toBe(kernel.slice(3, 2, 1, 0).item());
    expectSameBits(importTorch({ "a.b.c": matrix }, { rename: { b: "" } })["a.c"], matrix);
  });

  it("renames whole parts of names alone, and names what does not fit", () => {
    expect(Object.keys(importTorch({ "net.01.x": matrix }, { rename: { "net.0": "fc" } }))).toEqual(["net.01.x"]);
    expect(() => importTorch({ a: matrix, b: matrix }, { rename: { a: "b" } })).toThrow(
      'importTorch: tensors must have different names, got "b" twice',
    );
    expect(() => importTorch({ a: matrix }, { transpose: { a: [0, 2] } })).toThrow(
      'importTorch: transpose of "a" must be false or a permutation of the axes of [3, 2], got [0,2]',
    );
  });
});

describe("a checkpoint in the layout of DiT and SiT", () => {
  const golden = JSON.parse(readFileSync(join(import.meta.dirname, "golden/torch.json"), "utf8")) as {
    readonly shapes: readonly (readonly [string, readonly number[]])[];
    readonly value: readonly number[];
  };
  const velocity = dit({
    ...{ image: [4, 6, 2], patch: 2, dim: 8, depth: 2, heads: 2, classes: 5, mlpRatio: 2, times: 1 },
    embedding: { kind: "timestep", size: 6 },
  });
  const weights = Object.fromEntries(golden.shapes.map(([name, shape], i) => [name, drawn(shape, 100 + i, 0.5)]));
  const file = parseSafetensors(formatSafetensors(weights)).tensors;
  const labels = tensor([4, 0], { dtype: "int32" });
  // [batch, channels, height, width] as flat rows of [height, width, channels]
  const x = transpose(drawn([2, 2, 4, 6], 1), [0, 2, 3, 1]).reshape([2, 48]);
  const apply = (tensors: Readonly<Record<string, Tensor>>, layout = torchLayouts.dit): Tensor => {
    const params = fromNamed(importTorch(tensors, layout), velocity.init(key(0)));
    const y = velocity.apply(params, x, tensor([[0.25], [0.75]]), labels);
    return transpose(y.reshape([2, 4, 6, 2]), [0, 3, 1, 2]).reshape([96]);
  };

  it("computes the values of NumPy", () => {
    const condition = Math.max(...golden.value.map(Math.abs));
    expectClose(apply(file), [...golden.value], { rtol: 1e-12, condition });
    // Control: a square matrix that is not turned.
    const turned = { ...file, "blocks.0.attn.proj.weight": transpose(file["blocks.0.attn.proj.weight"]) };
    expect(() => expectClose(apply(turned), [...golden.value], { rtol: 1e-6, condition })).toThrow();
  });

  it("needs its layout: without it names are left over", () => {
    expect(() => apply(file, {} as typeof torchLayouts.dit)).toThrow("fromNamed: the record must hold");
  });
});
