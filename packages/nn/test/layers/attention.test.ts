import { concat, key, normal, permutation, take } from "@pushforward/tensor";
import { expectClose } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { type AttentionParams, layers } from "../../src/index.ts";

const plain = layers.attention({ dim: 8, heads: 2 });
const normalised = layers.attention({ dim: 8, heads: 2, qkNorm: true });
const x = normal(key(1), [3, 5, 8]);
const order = permutation(key(2), 5);

describe("attention", () => {
  it.each([
    ["plain", plain],
    ["normalised", normalised],
  ])("%s does not know the order of tokens: a permutation of tokens permutes the result", (_, layer) => {
    const params = layer.init(key(0));
    const moved = layer.apply(params, take(x, order, 1));
    expectClose(moved, take(layer.apply(params, x), order, 1), { rtol: 1e-13, condition: 1 });
    // Control: the tokens did move.
    expect(() => expectClose(moved, layer.apply(params, x), { rtol: 1e-3, condition: 1 })).toThrow();
  });

  it("of normalised queries and keys does not depend on their size, plain attention does", () => {
    const scaled = ({ qkv, ...rest }: AttentionParams, factor: number): AttentionParams => {
      const [queriesAndKeys, values] = qkv.weight.split([16, 8], 1);
      return { ...rest, qkv: { weight: concat([queriesAndKeys.mul(factor), values], 1), bias: qkv.bias } };
    };
    const [a, b] = [plain.init(key(3)), normalised.init(key(3))];
    expectClose(normalised.apply(scaled(b, 40), x), normalised.apply(b, x), { rtol: 1e-5, condition: 1 });
    expect(() => expectClose(plain.apply(scaled(a, 40), x), plain.apply(a, x), { rtol: 1e-2, condition: 1 })).toThrow();
  });

  it("takes more leading axes, and none", () => {
    const params = plain.init(key(0));
    const all = plain.apply(params, x);
    expectClose(plain.apply(params, x.slice(1)), all.slice(1), { rtol: 1e-13, condition: 1 });
    expectClose(plain.apply(params, x.reshape([1, 3, 5, 8])), all.reshape([1, 3, 5, 8]), { rtol: 1e-13, condition: 1 });
  });

  it("names what is wrong", () => {
    expect(() => layers.attention({ dim: 8, heads: 3 })).toThrow("attention: heads must divide dim 8, got 3");
    const params = plain.init(key(0));
    expect(() => plain.apply(params, x.slice(0, 0))).toThrow("attention: x must be [..., tokens, 8], got [8]");
    expect(() => plain.apply({ ...params, qNorm: { weight: x } }, x)).toThrow(
      'attention: the parameters must hold qkv, proj, got "qNorm" too',
    );
    expect(() => normalised.apply(params, x)).toThrow("attention: qNorm must be an object, got undefined");
    expect(() => plain.apply({ ...params, proj: { ...params.proj, weight: x } }, x)).toThrow(
      "attention: proj.weight must be [8, 8], got [3, 5, 8]",
    );
  });
});
