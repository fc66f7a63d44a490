import { expectSameBits, forAll, primitiveCasesOfAnyType } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { tensor, where } from "../../src/index.ts";
import { valuesOf } from "../support/naive.ts";

describe("comparisons", () => {
  it("follow IEEE: NaN compares to nothing, −0 equals 0", () => {
    const x = tensor([NaN, -0, 1, Infinity, -Infinity]);
    const y = tensor([NaN, 0, 2, Infinity, 1]);
    expect(valuesOf(x.equal(y))).toEqual([0, 1, 0, 1, 0]);
    expect(valuesOf(x.notEqual(y))).toEqual([1, 0, 1, 0, 1]);
    expect(valuesOf(x.less(y))).toEqual([0, 0, 1, 0, 1]);
    expect(valuesOf(x.lessEqual(y))).toEqual([0, 1, 1, 1, 1]);
    expect(valuesOf(x.greater(y))).toEqual([0, 0, 0, 0, 0]);
    expect(valuesOf(x.greaterEqual(y))).toEqual([0, 1, 0, 1, 0]);
  });

  it("of all dtypes give bool", () => {
    forAll(primitiveCasesOfAnyType("equal", { values: "special" }), ({ operands: [x, y] }) => {
      const got = x.equal(y);
      expect(got.dtype).toBe("bool");
      expect(valuesOf(got)).toEqual(Array.from(x.buffer, (value, i) => Number(value === y.buffer[i])));
    });
  });

  it("isFinite and isNaN look at each element", () => {
    const x = tensor([1, NaN, Infinity, -Infinity, -0]);
    expect(valuesOf(x.isFinite())).toEqual([1, 0, 0, 0, 1]);
    expect(valuesOf(x.isNaN())).toEqual([0, 1, 0, 0, 0]);
  });
});

describe("bools", () => {
  const a = tensor([true, true, false, false]);
  const b = tensor([true, false, true, false]);

  it("have their truth tables", () => {
    expect(valuesOf(a.and(b))).toEqual([1, 0, 0, 0]);
    expect(valuesOf(a.or(b))).toEqual([1, 1, 1, 0]);
    expect(valuesOf(a.not())).toEqual([0, 0, 1, 1]);
  });
});

describe("where", () => {
  it("takes the branch of each element and does not look at the other", () => {
    const got = where(tensor([true, false]), tensor([1, NaN]), tensor([NaN, 2]));
    expect(valuesOf(got)).toEqual([1, 2]);
  });

  it("keeps −0 and NaN of the branch taken", () => {
    forAll(primitiveCasesOfAnyType("where", { values: "special" }), ({ operands: [c, x, y] }) => {
      const got = where(c, x, y);
      const want = Array.from(c.buffer, (test, i) => (test ? x : y).buffer[i]);
      expectSameBits(got, tensor(want, { shape: x.shape, dtype: x.dtype }));
    });
  });

  it("broadcasts all three operands and lets a number follow", () => {
    const got = where(tensor([[true], [false]]), tensor([1, 2], { dtype: "float32" }), 0);
    expect(got.dtype).toBe("float32");
    expect(got.toArray()).toEqual([
      [1, 2],
      [0, 0],
    ]);
  });
});
