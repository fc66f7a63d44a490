import { tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { expectClose, expectSameBits, ulpOf, ulpsApart, worstError } from "../src/index.ts";

describe("expectClose", () => {
  it("accepts what rounding makes and refuses an error of 1e-9 in one element of many", () => {
    const want = tensor([1, 1e6, 1e-6]);
    expectClose(want.mul(1 + 1e-13), want);
    expect(() => expectClose(tensor([1, 1e6, 1e-6 + 1e-15]), want)).toThrow("element [2]");
  });

  it("names the worst element, both values, the distance and how many are off", () => {
    const got = tensor([
      [1, 2],
      [3, 4.5],
    ]);
    expect(() =>
      expectClose(
        { w: [got] },
        {
          w: [
            [1, 2.25],
            [3, 4],
          ] as unknown as number[],
        },
      ),
    ).toThrow();
    expect(() =>
      expectClose(got, [
        [1, 2.25],
        [3, 4],
      ]),
    ).toThrowErrorMatchingInlineSnapshot(
      `[Error: expectClose: element [1, 1] of float64[2, 2] must be 4, got 4.5; they differ by 0.500 (5.63e+14 ulp), allowed 4.00e-12; 2 of 4 elements are off]`,
    );
  });

  it("walks trees and names the leaf", () => {
    const tree = { a: tensor([1]), b: [tensor(2), null] };
    expectClose(tree, { a: tensor([1]), b: [tensor(2), null] });
    expect(() => expectClose(tree, { a: tensor([1]), b: [tensor(3), null] })).toThrow('leaf "b.0"');
    expect(() => expectClose(tree, { a: tensor([1]) })).toThrow("must have the parts a, got a,b");
  });

  it("holds dtypes and shapes to each other", () => {
    expect(() => expectClose(tensor([1], { dtype: "float32" }), tensor([1]))).toThrow(
      "must be float64[1], got float32[1]",
    );
    expect(() => expectClose(tensor([1]), [[1]])).toThrow("must be float64[1, 1], got float64[1]");
  });

  it("treats NaN as equal to NaN and infinities as themselves only", () => {
    expectClose(tensor([NaN, Infinity]), [NaN, Infinity]);
    expect(() => expectClose(tensor([NaN]), [1])).toThrow("got NaN");
    expect(() => expectClose(tensor([Infinity]), [-Infinity])).toThrow("element [0]");
    expect(() => expectClose(tensor([1]), [Infinity])).toThrow("element [0]");
  });

  it("measures against a condition where one is given, element by element", () => {
    expectClose(tensor([1e-14, 5]), [0, 5], { condition: 1 });
    expect(() => expectClose(tensor([1e-14, 5]), [0, 5], { condition: [1e-3, 1] })).toThrow("element [0]");
  });

  it("counts units in the last place", () => {
    expectClose(tensor([1 + 2 ** -52]), [1], { ulp: 1 });
    expect(() => expectClose(tensor([1 + 2 ** -51]), [1], { ulp: 1 })).toThrow("2.00 ulp");
    expectClose(tensor([1 + 2 ** -23], { dtype: "float32" }), tensor([1], { dtype: "float32" }), { ulp: 1 });
  });

  it("expectSameBits tells −0 from 0", () => {
    expectSameBits(tensor([NaN, -0]), [NaN, -0]);
    expect(() => expectSameBits(tensor([-0]), [0])).toThrow("must be 0, got -0");
  });

  it("worstError is the largest relative error", () => {
    expect(worstError(tensor([1, 2.5]), [1, 2])).toBe(0.25);
    expect(worstError(tensor([1e-3]), [0], 1)).toBe(1e-3);
  });
});

describe("ulps", () => {
  it.each([
    [1, "float64", 2 ** -52],
    [1.999, "float64", 2 ** -52],
    [2, "float64", 2 ** -51],
    [0, "float64", 2 ** -1074],
    [1, "float32", 2 ** -23],
    [2 ** -140, "float32", 2 ** -149],
    [7, "int32", 1],
  ] as const)("the spacing at %d in %s is %d", (x, dtype, spacing) => {
    expect(ulpOf(x, dtype)).toBe(spacing);
  });

  it("are infinitely many between a number and NaN", () => {
    expect(ulpsApart(NaN, 1)).toBe(Infinity);
    expect(ulpsApart(NaN, NaN)).toBe(0);
  });
});
