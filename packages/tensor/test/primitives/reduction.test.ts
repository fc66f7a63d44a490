import { expectClose, expectSameBits, forAll, primitiveCases, primitiveCasesOfAnyType } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { type DenseTensor, evaluate, primitives, tensor } from "../../src/index.ts";
import { at, indicesOf, tabulate, valuesOf, wrap } from "../support/naive.ts";

/** The elements that end up at an index of the reduced shape, in row-major order. */
function elementsAt(x: DenseTensor, axes: readonly number[], index: readonly number[]): number[] {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  return indicesOf(x.shape.map((n, axis) => (axes.includes(axis) ? n : 1))).map((part) => {
    const full = [...part];
    kept.forEach((axis, i) => {
      full[axis] = index[i];
    });
    return at(x, full);
  });
}

describe("sum", () => {
  it("adds what the reduced axes hold, in float64 and rounded once", () => {
    forAll(primitiveCases("sum", { values: "wide" }), ({ operands: [x], params }) => {
      const got = evaluate(primitives.sum, [x], params);
      const terms = (index: readonly number[]): number[] => elementsAt(x, params.axes, index);
      const want = tabulate(got.shape, (index) => terms(index).reduce((a, b) => a + b, 0));
      const condition = tabulate(got.shape, (index) => terms(index).reduce((a, b) => a + Math.abs(b), 0));
      expectClose(got, tensor(want, { shape: got.shape }), { rtol: 60 * 2 ** -52, condition });
    });
  });

  it("of float32 loses nothing on the way", () => {
    const x = tensor(new Float32Array(2 ** 20).fill(0.1));
    const exact = 2 ** 20 * Math.fround(0.1);
    expect(evaluate(primitives.sum, [x], { axes: [0] }).item()).toBe(Math.fround(exact));
  });

  it("of int32 wraps mod 2³², also where float64 could not hold the sum", () => {
    forAll(primitiveCases("sum", { dtype: "int32", values: "wide" }), ({ operands: [x], params }) => {
      const got = evaluate(primitives.sum, [x], params);
      const want = tabulate(got.shape, (index) =>
        wrap(elementsAt(x, params.axes, index).reduce((a, b) => a + BigInt(b), 0n)),
      );
      expectSameBits(got, tensor(want, { shape: got.shape, dtype: "int32" }));
    });
    const many = tensor(new Int32Array(2 ** 22 + 1).fill(2 ** 31 - 1));
    expect(evaluate(primitives.sum, [many], { axes: [0] }).item()).toBe(wrap((2n ** 22n + 1n) * (2n ** 31n - 1n)));
  });

  it("over an empty axis is 0, over none the input", () => {
    expect(valuesOf(evaluate(primitives.sum, [tensor([[], [], []])], { axes: [1] }))).toEqual([0, 0, 0]);
    expect(evaluate(primitives.sum, [tensor([[], [], []])], { axes: [0] }).shape).toEqual([0]);
    expect(valuesOf(evaluate(primitives.sum, [tensor([1, 2])], { axes: [] }))).toEqual([1, 2]);
  });
});

describe("max and min", () => {
  it.each(["max", "min"] as const)("%s is the extreme element, NaN where there is one", (name) => {
    const combine = name === "max" ? Math.max : Math.min;
    forAll(primitiveCasesOfAnyType(name, { values: "special" }), ({ operands: [x], params }) => {
      const got = evaluate(primitives[name], [x], params);
      const want = tabulate(got.shape, (index) => combine(...elementsAt(x, params.axes, index)));
      expectSameBits(got, tensor(want, { shape: got.shape, dtype: got.dtype }));
    });
  });

  it("of an empty axis do not exist, beside one they do", () => {
    const x = tensor([[], [], []]);
    expect(() => evaluate(primitives.max, [x], { axes: [1] })).toThrow("is empty");
    expect(evaluate(primitives.max, [x], { axes: [0] }).shape).toEqual([0]);
  });
});

describe("argmax", () => {
  it("is the first of equals, and the first NaN where there is one", () => {
    forAll(primitiveCasesOfAnyType("argmax", { values: "special" }), ({ operands: [x], params: { axis } }) => {
      const got = evaluate(primitives.argmax, [x], { axis });
      const want = tabulate(got.shape, (index) => {
        const line = elementsAt(x, [axis], index);
        const firstNaN = line.findIndex(Number.isNaN);
        return firstNaN >= 0 ? firstNaN : line.indexOf(Math.max(...line));
      });
      expect(valuesOf(got)).toEqual(want);
    });
  });
});

describe("cumsum", () => {
  it("holds the sums of every beginning, or of every end", () => {
    forAll(primitiveCasesOfAnyType("cumsum", { values: "wide" }), ({ operands: [x], params: { axis, reverse } }) => {
      const got = evaluate(primitives.cumsum, [x], { axis, reverse });
      const line = (index: readonly number[]): number[] =>
        Array.from({ length: x.shape[axis] }, (_, i) => at(x, index.with(axis, i)));
      const part = (index: readonly number[]): number[] =>
        reverse ? line(index).slice(index[axis]).reverse() : line(index).slice(0, index[axis] + 1);
      const want = tabulate(x.shape, (index) =>
        x.dtype === "int32"
          ? wrap(part(index).reduce((a, b) => a + BigInt(b), 0n))
          : part(index).reduce((a, b) => a + b, 0),
      );
      expectSameBits(got, tensor(want, { shape: x.shape, dtype: x.dtype }));
    });
  });
});
