import { compile, key, normal, tensor } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { clipByGlobalNorm, globalNorm, sgd, withClipping } from "../src/index.ts";
import { expectWithin, numbersOf } from "./support/close.ts";

describe("clipByGlobalNorm", () => {
  const grads = { a: tensor([3, 0]), b: [tensor([[0], [4]])] };

  it("takes the norm over all leaves and scales to the bound", () => {
    const [clipped, size] = clipByGlobalNorm(grads, 1);
    expectWithin(size, [5], 0);
    expectWithin(clipped, [0.6, 0, 0, 0.8], 1e-15);
  });

  it("leaves short gradients as they are, bit for bit", () => {
    expectSameBits(clipByGlobalNorm(grads, 5)[0], grads);
    expectSameBits(clipByGlobalNorm(grads, 6)[0], grads);
  });

  it.each([
    ["float32", 1e20],
    ["float64", 1e200],
  ] as const)("clips gradients whose squares overflow %s to the bound, not to 0", (dtype, scale) => {
    const large = {
      a: tensor([3 * scale, 0], { dtype }),
      b: [tensor([[0], [4 * scale]], { dtype })],
      c: tensor(0, { dtype }),
    };
    const [clipped, size] = clipByGlobalNorm(large, 1);
    expect(size.item() / (5 * scale)).toBeCloseTo(1, 6);
    numbersOf(clipped).forEach((value, i) => {
      expect(value).toBeCloseTo([0.6, 0, 0, 0.8, 0][i], 6);
    });
  });

  it("leaves zero gradients zero", () => {
    expectWithin(clipByGlobalNorm({ a: tensor([0, 0]) }, 1)[0], [0, 0], 0);
  });

  it("never exceeds the bound and keeps the direction", () => {
    for (let seed = 0; seed < 20; seed++) {
      const tree = { a: normal(key(seed), [5]).mul(seed + 0.1), b: normal(key(seed + 100), [2, 3]) };
      const [clipped] = clipByGlobalNorm(tree, 2);
      expect(globalNorm(clipped).item()).toBeLessThanOrEqual(2 * (1 + 1e-14));
      const [before, after] = [numbersOf(tree), numbersOf(clipped)];
      for (const [i, value] of after.entries()) expect(value / before[i]).toBeCloseTo(after[0] / before[0], 12);
    }
  });

  it("keeps float32, and compiles to the same bits", () => {
    const tree = { a: tensor([3, 0], { dtype: "float32" }), b: tensor([4], { dtype: "float32" }) };
    const clip = (g: typeof tree) => clipByGlobalNorm(g, 0.5);
    expect(clip(tree)[0].a.dtype).toBe("float32");
    expectSameBits(compile(clip)(tree), clip(tree));
  });

  it("passes null on, and refuses a leaf without a gradient", () => {
    const [clipped, size] = clipByGlobalNorm({ w: tensor([3, 4]), n: null }, 1);
    expect([clipped.n, size.item()]).toEqual([null, 5]);
    expectWithin(clipped.w, [0.6, 0.8], 1e-15);
    expect(() => clipByGlobalNorm({ w: tensor([3]), n: tensor([1], { dtype: "int32" }) }, 1)).toThrow(
      'leaf "n" is int32 and has no gradient; pass null',
    );
  });

  it("refuses a bound that is not positive", () => {
    expect(() => clipByGlobalNorm(grads, 0)).toThrow("clipByGlobalNorm: maxNorm must be positive, got 0");
  });
});

describe("withClipping", () => {
  it("clips before the optimiser's update", () => {
    const optimizer = withClipping(sgd({ learningRate: 1 }), 1);
    const params = tensor([0, 0]);
    const [next] = optimizer.update(tensor([3, 4]), optimizer.init(params), params);
    expectWithin(next, [-0.6, -0.8], 1e-15);
  });
});
