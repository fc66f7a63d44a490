import { key, mean, normal, square, type Tensor, tensor } from "@pushforward/tensor";
import { expectClose } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { layers } from "../../src/index.ts";

const x = normal(key(1), [2, 3, 4, 6]);
const close = { rtol: 1e-12, condition: 1 } as const;
const norms = {
  layerNorm: layers.layerNorm({ dim: 6, epsilon: 0 }),
  rmsNorm: layers.rmsNorm({ dim: 6, epsilon: 0 }),
  groupNorm: layers.groupNorm({ channels: 6, groups: 3, epsilon: 0 }),
};
const applied = (name: keyof typeof norms, y: Tensor): Tensor => {
  const layer = norms[name] as typeof norms.layerNorm;
  return layer.apply(layer.init(key(0)), y);
};
const changes = (name: keyof typeof norms, change: (y: Tensor) => Tensor): boolean => {
  const gap = applied(name, change(x)).sub(applied(name, x)).abs().max().item() as number;
  if (gap > 1e-3) return true;
  expect(gap).toBeLessThan(1e-12);
  return false;
};

describe("normalisations without ε", () => {
  const perGroup = tensor([1, 1, -2, -2, 0.5, 0.5]);
  const perChannel = tensor([1, 2, 3, 4, 5, 6]);
  const rows: [change: string, f: (y: Tensor) => Tensor, without: (keyof typeof norms)[]][] = [
    ["a positive factor", (y) => y.mul(3), ["layerNorm", "rmsNorm", "groupNorm"]],
    ["a shift of everything", (y) => y.add(3), ["layerNorm", "groupNorm"]],
    ["a shift of each group of channels", (y) => y.add(perGroup), ["groupNorm"]],
    ["a positive factor of each group", (y) => y.mul(perGroup.abs()), ["groupNorm"]],
    ["a shift of each channel", (y) => y.add(perChannel), []],
    ["a factor of each pixel", (y) => y.mul(normal(key(5), [2, 3, 4, 1]).abs()), ["layerNorm", "rmsNorm"]],
    ["a factor of each picture", (y) => y.mul(tensor([2, 5]).reshape([2, 1, 1, 1])), Object.keys(norms) as never],
  ];

  it.each(rows)("%s changes all but those that it must not change", (_, f, without) => {
    for (const name of Object.keys(norms) as (keyof typeof norms)[]) {
      expect([name, changes(name, f)]).toEqual([name, !without.includes(name)]);
    }
  });

  it("give mean 0 and mean square 1 over what they normalise", () => {
    expectClose(mean(applied("layerNorm", x), -1), mean(x, -1).mul(0), close);
    expectClose(mean(square(applied("layerNorm", x)), -1), mean(x, -1).mul(0).add(1), close);
    expectClose(mean(square(applied("rmsNorm", x)), -1), mean(x, -1).mul(0).add(1), close);
    const groups = applied("groupNorm", x).reshape([2, 12, 3, 2]);
    expectClose(mean(groups, [1, 3]), groups.mean([1, 3]).mul(0), close);
    expectClose(mean(square(groups), [1, 3]), groups.mean([1, 3]).mul(0).add(1), close);
  });

  it("name what is wrong", () => {
    expect(() => layers.groupNorm({ channels: 6, groups: 4 })).toThrow(
      "groupNorm: groups must divide the 6 channels, got 4",
    );
    expect(() => layers.layerNorm({ dim: 6, epsilon: -1 })).toThrow("layerNorm: epsilon must be finite and at least 0");
    expect(() => applied("groupNorm", tensor([1, 2, 3, 4, 5, 6]))).toThrow(
      "groupNorm: x must be [batch, ..., 6], got [6]",
    );
    expect(() => applied("rmsNorm", tensor([[1, 2]]))).toThrow("rmsNorm: the last axis must have size 6, got [1, 2]");
    expect(() => applied("layerNorm", x.cast("float32"))).toThrow("layerNorm: x must be float64 like the parameters");
  });
});
