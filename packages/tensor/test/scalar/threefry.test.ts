import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { threefry2x32, threefryWord } from "../../src/scalar/threefry.ts";
import { threefry } from "../support/referenceRandom.ts";

const hex = (words: readonly number[]): string =>
  words.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join(" ");

describe("threefry2x32", () => {
  // @source Random123 1.14, kat_vectors: threefry2x32 with 20 rounds
  const known = [
    [0, 0, 0, 0, "6b200159 99ba4efe"],
    [-1, -1, -1, -1, "1cb996fc bb002be7"],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, "c4923a9c 483df7a0"],
  ] as const;
  for (const [key0, key1, counter0, counter1, expected] of known) {
    it(`gives ${expected}, as Random123 does`, () => {
      expect(hex(threefry2x32(key0, key1, counter0, counter1))).toBe(expected);
    });
  }

  it("equals its definition on BigInt, word by word", () => {
    const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(word, word, word, word, (key0, key1, counter0, counter1) => {
        const [a, b, c, d] = [key0, key1, counter0, counter1].map((value) => BigInt(value >>> 0));
        const expected = threefry([a!, b!], [c!, d!]).map((value) => Number(BigInt.asIntN(32, value)));
        expect(threefry2x32(key0, key1, counter0, counter1)).toEqual(expected);
        expect(threefryWord(key0, key1, counter0, counter1, 1)).toBe(expected[1]);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it("reads int32 and uint32 of the same bits alike, and returns int32", () => {
    expect(threefry2x32(0xffffffff, 0x80000000, 0xffffffff, 1)).toEqual(threefry2x32(-1, -(2 ** 31), -1, 1));
    expect(threefry2x32(1, 2, 3, 4).every((word) => word === (word | 0))).toBe(true);
  });

  it("flips about half of the bits when one bit of the counter flips", () => {
    let flipped = 0;
    for (let i = 0; i < 512; i++) {
      const [before, after] = [threefry2x32(5, 6, 0, i), threefry2x32(5, 6, 1 << (i % 32), i)];
      for (let word = 0; word < 2; word++) {
        for (let bits = before[word]! ^ after[word]!; bits !== 0; bits &= bits - 1) flipped++;
      }
    }
    expect(Math.abs(flipped / (512 * 64) - 0.5)).toBeLessThan(0.01);
  });
});
