import { expectSameBits, forAll, primitiveCases } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { bind, cast, primitives, tensor } from "../../src/index.ts";
import { valuesOf, wrap } from "../support/naive.ts";

describe("cast", () => {
  it("rounds to float32", () => {
    expect(valuesOf(cast(tensor([0.1, 1e300, 2 ** -160]), "float32"))).toEqual([Math.fround(0.1), Infinity, 0]);
  });

  it("truncates floats to int32, wraps beyond it, and takes what is not finite for 0", () => {
    const x = tensor([1.9, -1.9, 2 ** 31, -(2 ** 31) - 1, NaN, Infinity, -0]);
    expect(valuesOf(cast(x, "int32"))).toEqual([1, -1, -(2 ** 31), 2 ** 31 - 1, 0, 0, 0]);
  });

  it("makes anything but 0 true, NaN too", () => {
    expect(valuesOf(cast(tensor([0, -0, 0.5, NaN, -3]), "bool"))).toEqual([0, 0, 1, 1, 1]);
    expect(valuesOf(cast(tensor([true, false]), "float64"))).toEqual([1, 0]);
  });

  it("to a wider type and back changes nothing", () => {
    for (const dtype of ["float32", "int32", "bool"] as const) {
      forAll(primitiveCases("equal", { dtype, values: "special" }), ({ operands: [x] }) => {
        expectSameBits(cast(cast(x, "float64"), dtype), x);
      });
    }
  });

  it("of a value in its own dtype is the value itself, unless it is weak", () => {
    const x = tensor([1]);
    expect(cast(x, "float64")).toBe(x);
    expect(cast(2, "float64").weak).toBe(false);
  });

  it("of whole numbers beyond int32 is their remainder mod 2³²", () => {
    expect(valuesOf(cast(tensor([2 ** 40 + 5]), "int32"))).toEqual([wrap(2n ** 40n + 5n)]);
  });
});

describe("unitFromBits", () => {
  const words = { dtype: "int32" } as const;

  it("is 0 for no bits and just below 1 for all of them", () => {
    const bits = tensor([0, -1], words);
    expect(valuesOf(bind(primitives.unitFromBits, [bits, bits], { dtype: "float32" }))).toEqual([0, 1 - 2 ** -23]);
    expect(valuesOf(bind(primitives.unitFromBits, [bits, bits], { dtype: "float64" }))).toEqual([0, 1 - 2 ** -52]);
  });

  it("keeps the top 23 bits of one word, or 52 of two", () => {
    forAll(primitiveCases("unitFromBits"), ({ operands: [high, low], params: { dtype } }) => {
      const want = Array.from(high.buffer, (h, i) => {
        const both = (BigInt.asUintN(32, BigInt(h)) << 32n) | BigInt.asUintN(32, BigInt(low.buffer[i]));
        return dtype === "float32" ? Number(both >> 41n) / 2 ** 23 : Number(both >> 12n) / 2 ** 52;
      });
      expect(valuesOf(bind(primitives.unitFromBits, [high, low], { dtype }))).toEqual(want);
    });
  });
});
