import { forAll, int32s, primitiveCases } from "@pushforward/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bind, compile, primitives, shiftLeft, shiftRight, type Tensor, tensor } from "../../src/index.ts";
import { valuesOf } from "../support/naive.ts";
import * as reference from "../support/referenceRandom.ts";

const int = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });
const unsigned = (x: number): bigint => BigInt.asUintN(32, BigInt(x));
const signed = (x: bigint): number => Number(BigInt.asIntN(32, x));

describe("bits of int32", () => {
  it("xor and and agree with big integers", () => {
    forAll(fc.tuple(int32s(), int32s()), ([x, y]) => {
      expect(valuesOf(int(x).bitXor(int(y)))).toEqual([signed(unsigned(x) ^ unsigned(y))]);
      expect(valuesOf(int(x).bitAnd(int(y)))).toEqual([signed(unsigned(x) & unsigned(y))]);
    });
  });

  it("shifts drop what leaves the word; to the right zeros come in", () => {
    forAll(fc.tuple(int32s(), fc.integer({ min: 0, max: 31 })), ([x, n]) => {
      expect(valuesOf(int(x).shiftLeft(n))).toEqual([signed(unsigned(x) << BigInt(n))]);
      expect(valuesOf(int(x).shiftRight(n))).toEqual([signed(unsigned(x) >> BigInt(n))]);
    });
  });

  it.each([32, 33, 40, 64, 2 ** 31 - 1, -1, -31, -32, -(2 ** 31)])("nothing is left of a word shifted by %i", (n) => {
    const words = int(1, -1, 123456789, -(2 ** 31));
    const counts = int(n, n, n, n);
    for (const shift of [shiftLeft, shiftRight]) {
      const expected = [0, 0, 0, 0];
      expect(valuesOf(shift(words, n))).toEqual(expected);
      expect(valuesOf(shift(words, counts))).toEqual(expected);
      expect(valuesOf(compile((x: Tensor) => shift(x, n), { backend: "wasm" })(words))).toEqual(expected);
      expect(valuesOf(compile((x: Tensor, y: Tensor) => shift(x, y), { backend: "wasm" })(words, counts))).toEqual(
        expected,
      );
    }
  });

  it("threefry agrees with the algorithm in big integers, both words", () => {
    forAll(primitiveCases("threefry"), ({ operands, params }) => {
      const got = bind(primitives.threefry, operands, params);
      const want = Array.from(operands[0].buffer, (_, i) => {
        const [k0, k1, c0, c1] = operands.map((x) => unsigned(x.buffer[i]));
        return signed(reference.threefry([k0, k1], [c0, c1])[params.word]);
      });
      expect(valuesOf(got)).toEqual(want);
    });
  });
});
