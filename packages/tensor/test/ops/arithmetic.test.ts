import { broadcastPairs, expectSameBits, forAll, tensorOf } from "@pushforward/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { add, clip, lerp, pow, reciprocal, square, sub, tensor } from "../../src/index.ts";
import { at, tabulate, valuesOf } from "../support/naive.ts";

describe("binary operations", () => {
  const pairs = broadcastPairs().chain(({ a, b, both }) => fc.tuple(tensorOf(a), tensorOf(b), fc.constant(both)));

  it.each([
    ["add", (x: number, y: number) => x + y],
    ["sub", (x: number, y: number) => x - y],
    ["mul", (x: number, y: number) => x * y],
    ["div", (x: number, y: number) => x / y],
    ["maximum", Math.max],
    ["minimum", Math.min],
  ] as const)("%s broadcasts by NumPy's rule", (name, f) => {
    forAll(pairs, ([x, y, both]) => {
      const read = (t: typeof x, index: readonly number[]): number =>
        at(
          t,
          t.shape.map((n, axis) => (n === 1 ? 0 : index[axis + both.length - t.rank])),
        );
      const want = tabulate(both, (index) => f(read(x, index), read(y, index)));
      expectSameBits(x[name](y), tensor(want, { shape: both }));
    });
  });

  it("a number may stand on either side", () => {
    const x = tensor([1, 2]);
    expect(valuesOf(sub(5, x))).toEqual([4, 3]);
    expect(valuesOf(x.sub(5))).toEqual([-4, -3]);
    expect(add(1, 2).item()).toBe(3);
  });
});

describe("composites", () => {
  const x = tensor([-2, 0.5, 3]);

  it("square, reciprocal, pow", () => {
    expect(valuesOf(square(x))).toEqual([4, 0.25, 9]);
    expect(valuesOf(reciprocal(x))).toEqual([-0.5, 2, 1 / 3]);
    expect(valuesOf(pow(2, tensor([1, 2, -1])))).toEqual([2, 4, 0.5]);
  });

  it("clip limits on one side or both, and keeps NaN", () => {
    expect(valuesOf(clip(x, -1, 1))).toEqual([-1, 0.5, 1]);
    expect(valuesOf(clip(x, null, 0))).toEqual([-2, 0, 0]);
    expect(valuesOf(clip(x, 0, null))).toEqual([0, 0.5, 3]);
    expect(valuesOf(clip(tensor([NaN]), 0, 1))).toEqual([NaN]);
    expect(clip(tensor([1], { dtype: "float32" }), 0, 1).dtype).toBe("float32");
  });

  it("lerp goes from one to the other", () => {
    expect(valuesOf(lerp(tensor([1, 2]), tensor([3, 6]), 0.5))).toEqual([2, 4]);
    expect(valuesOf(lerp(0, x, tensor(1)))).toEqual([-2, 0.5, 3]);
  });
});
