import { expectSameBits, forAll, primitiveCasesOfAnyType } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { compile, ops, type Tensor, tensor, where } from "../../src/index.ts";
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

  it("compare as 0 < 1, and what chooses between them stays bool, eager and compiled", () => {
    const [x, y] = [a, b].map((value) => value.cast("int32"));
    const comparisons = ["equal", "notEqual", "less", "lessEqual", "greater", "greaterEqual"] as const;
    for (const name of [...comparisons, "maximum", "minimum"] as const) {
      const ofBools = (p: Tensor, q: Tensor): Tensor => ops[name](p, q);
      for (const f of [ofBools, compile(ofBools, { backend: "wasm" })]) {
        expect(f(a, b).dtype, name).toBe("bool");
        expect(valuesOf(f(a, b)), name).toEqual(valuesOf(ops[name](x, y)));
      }
    }
    expect(valuesOf(a.less(true))).toEqual([0, 0, 1, 1]);
    expect(valuesOf(a.clip(false, true))).toEqual([1, 1, 0, 0]);
    expect(() => a.less(1)).toThrow("less: 1 does not fit bool");
    expect(() => a.less(tensor([true]).cast("int32"))).toThrow("less: dtypes must agree, got bool and int32");
    expect(() => a.maximum(tensor([true, false]))).toThrow("maximum: shapes must broadcast, got [4] and [2]");
  });

  it("have a largest and a smallest along axes: any and all", () => {
    const rows = tensor([
      [true, false],
      [false, false],
    ]);
    for (const name of ["max", "min"] as const) {
      for (const axis of [null, 0, 1, []]) {
        for (const keepDims of [false, true]) {
          const f = (p: Tensor): Tensor => ops[name](p, axis, { keepDims });
          const expected = f(rows.cast("int32"));
          for (const got of [f(rows), compile(f, { backend: "wasm" })(rows)]) {
            expect([got.dtype, got.shape, valuesOf(got)]).toEqual(["bool", expected.shape, valuesOf(expected)]);
          }
        }
      }
    }
    expect(valuesOf(a.sort())).toEqual([0, 0, 1, 1]);
    expect([a.argmax().item(), a.argmin().item()]).toEqual([0, 2]);
    expect(() => tensor([true]).slice([0, 0]).max()).toThrow("max");
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
