import { forAll, int32s, primitiveCases } from "@pushforward/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { integerPow, pow, type Tensor, tensor } from "../../src/index.ts";
import { valuesOf, wrap } from "../support/naive.ts";

const int = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });
const big = BigInt;

describe("int32 arithmetic wraps mod 2³²", () => {
  const pairs = fc.tuple(int32s(), int32s());

  it.each([
    ["add", (x: bigint, y: bigint) => x + y],
    ["sub", (x: bigint, y: bigint) => x - y],
    ["mul", (x: bigint, y: bigint) => x * y],
  ] as const)("%s", (name, exact) => {
    forAll(pairs, ([x, y]) => {
      expect(valuesOf(int(x)[name](int(y)))).toEqual([wrap(exact(big(x), big(y)))]);
    });
  });

  it.each([
    ["neg", (x: bigint) => -x],
    ["abs", (x: bigint) => (x < 0n ? -x : x)],
  ] as const)("%s", (name, exact) => {
    forAll(int32s(), (x) => {
      expect(valuesOf(int(x)[name]())).toEqual([wrap(exact(big(x)))]);
    });
  });

  it("integerPow", () => {
    forAll(fc.tuple(int32s(), fc.integer({ min: 0, max: 9 })), ([x, n]) => {
      expect(valuesOf(integerPow(int(x), n))).toEqual([wrap(big(x) ** big(n))]);
    });
  });

  it("a product whose exact value does not fit 53 bits keeps its low bits", () => {
    expect(valuesOf(int(123456789).mul(int(987654321)))).toEqual([wrap(123456789n * 987654321n)]);
    expect(valuesOf(int(2 ** 31 - 1).add(int(1)))).toEqual([-(2 ** 31)]);
  });
});

describe("remainder", () => {
  it("has the sign of the divisor, a zero too", () => {
    const x = tensor([5, -5, 5, -5, 4, -4, 4, -4]);
    const y = tensor([3, 3, -3, -3, 2, 2, -2, -2]);
    const got = valuesOf(x.remainder(y));
    expect(got.map((value) => (Object.is(value, -0) ? "-0" : value))).toEqual([2, 1, -1, -2, 0, 0, "-0", "-0"]);
  });

  it("x = ⌊x/y⌋·y + remainder, for int32 as for floats", () => {
    forAll(fc.tuple(int32s(), int32s()), ([x, y]) => {
      if (y === 0) return expect(valuesOf(int(x).remainder(int(y)))).toEqual([0]);
      const expected = ((big(x) % big(y)) + big(y)) % big(y);
      expect(valuesOf(int(x).remainder(int(y)))).toEqual([Number(expected)]);
    });
  });

  it("at infinities and zero follows NumPy", () => {
    const x = tensor([1, -1, 1, Infinity, 1]);
    const y = tensor([Infinity, Infinity, -Infinity, 2, 0]);
    expect(valuesOf(x.remainder(y))).toEqual([1, Infinity, -Infinity, NaN, NaN]);
  });
});

describe("rounding", () => {
  it("round takes halves to even and keeps the sign of zero", () => {
    const got = valuesOf(tensor([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999999999999994, -0.3, 2 ** 52 + 1]).round());
    expect(got).toEqual([0, 2, 2, -0, -2, -2, 0, -0, 2 ** 52 + 1]);
  });

  it("floor and ceil keep −0, NaN and infinities", () => {
    const x = tensor([-0, NaN, Infinity, -Infinity, -0.5, 0.5]);
    expect(valuesOf(x.floor())).toEqual([-0, NaN, Infinity, -Infinity, -1, 0]);
    expect(valuesOf(x.ceil())).toEqual([-0, NaN, Infinity, -Infinity, -0, 1]);
  });

  it("sign keeps zeros and NaN", () => {
    expect(valuesOf(tensor([-3, -0, 0, 2, NaN]).sign())).toEqual([-1, -0, 0, 1, NaN]);
  });
});

describe("maximum and minimum", () => {
  it("are NaN where either is, and tell −0 from 0", () => {
    expect(valuesOf(tensor([NaN, 1, -0]).maximum(tensor([1, NaN, 0])))).toEqual([NaN, NaN, 0]);
    expect(valuesOf(tensor([NaN, 1, -0]).minimum(tensor([1, NaN, 0])))).toEqual([NaN, NaN, -0]);
  });
});

describe("powers", () => {
  it("of whole exponents known beforehand take integerPow, also at 0 and below", () => {
    expect(valuesOf(pow(tensor([-2, 0, 3]), 3))).toEqual([-8, 0, 27]);
    expect(valuesOf(pow(tensor([2, -0.5]), -2))).toEqual([0.25, 4]);
    expect(valuesOf(pow(tensor([0, NaN]), 0))).toEqual([1, 1]);
  });

  it("of other exponents are NaN for a negative base", () => {
    expect(valuesOf(pow(tensor([-8, 8]), 1 / 3))).toEqual([NaN, 2]);
  });

  it("agree between both primitives", () => {
    forAll(primitiveCases("pow"), ({ operands: [x] }) => {
      for (const n of [2, 3, -1]) {
        const general = valuesOf(pow(x, tensor(n)));
        valuesOf(pow(x, n)).forEach((value, i) => {
          expect(Math.abs(value - general[i])).toBeLessThanOrEqual(4 * 2 ** -52 * Math.abs(value));
        });
      }
    });
  });

  it("a weak exponent with axes broadcasts like any other", () => {
    expect(pow(tensor([1, 2, 3]), tensor([[2]])).shape).toEqual([1, 3]);
  });
});
