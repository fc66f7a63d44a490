import { describe, expect, it } from "vitest";
import { erf, erfc } from "../../src/scalar/erf.ts";
import { erfInv } from "../../src/scalar/erfInv.ts";
import { integerPow, integerPowInt32 } from "../../src/scalar/integerPow.ts";
import { normalCdf } from "../../src/scalar/normalCdf.ts";
import { pow } from "../../src/scalar/pow.ts";
import { rsqrt } from "../../src/scalar/rsqrt.ts";
import { sigmoid } from "../../src/scalar/sigmoid.ts";
import { tanh } from "../../src/scalar/tanh.ts";

const tiny = 2 ** -1074;
const { MAX_VALUE } = Number;

/** Function, and pairs of input and output. */
const rows: readonly (readonly [string, (x: number) => number, readonly (readonly [number, number])[]])[] = [
  [
    "erf",
    erf,
    [
      [0, 0],
      [-0, -0],
      [Infinity, 1],
      [-Infinity, -1],
      [NaN, NaN],
      [tiny, tiny],
      [-tiny, -tiny],
      [6, 1],
      [MAX_VALUE, 1],
    ],
  ],
  [
    "erfc",
    erfc,
    [
      [0, 1],
      [-0, 1],
      [Infinity, 0],
      [-Infinity, 2],
      [NaN, NaN],
      [tiny, 1],
      [27.5, 0],
      [-7, 2],
      [MAX_VALUE, 0],
    ],
  ],
  [
    "erfInv",
    erfInv,
    [
      [0, 0],
      [-0, -0],
      [1, Infinity],
      [-1, -Infinity],
      [1 + 2 ** -52, NaN],
      [-2, NaN],
      [Infinity, NaN],
      [NaN, NaN],
      [tiny, tiny],
      [-tiny, -tiny],
    ],
  ],
  [
    "tanh",
    tanh,
    [
      [0, 0],
      [-0, -0],
      [Infinity, 1],
      [-Infinity, -1],
      [NaN, NaN],
      [tiny, tiny],
      [-tiny, -tiny],
      [800, 1],
      [-800, -1],
    ],
  ],
  [
    "sigmoid",
    sigmoid,
    [
      [0, 0.5],
      [-0, 0.5],
      [Infinity, 1],
      [-Infinity, 0],
      [NaN, NaN],
      [tiny, 0.5],
      [800, 1],
      [-800, 0],
      [-745, Math.exp(-745)],
    ],
  ],
  [
    "rsqrt",
    rsqrt,
    [
      [0, Infinity],
      [-0, -Infinity],
      [Infinity, 0],
      [-1, NaN],
      [-Infinity, NaN],
      [NaN, NaN],
      [tiny, 2 ** 537],
      [4, 0.5],
    ],
  ],
];

describe("zeros, infinities, NaN and subnormal numbers", () => {
  for (const [name, f, pairs] of rows) {
    for (const [x, expected] of pairs) {
      it(`${name} of ${Object.is(x, -0) ? "-0" : x} is ${Object.is(expected, -0) ? "-0" : expected}`, () => {
        expect(f(x)).toBe(expected);
      });
    }
  }

  it("odd functions are odd and sigmoid(x) + sigmoid(−x) is 1 to one rounding", () => {
    for (let x = 2 ** -30; x < 30; x *= 1.7) {
      expect(tanh(-x)).toBe(-tanh(x));
      expect(erf(-x)).toBe(-erf(x));
      expect(erfInv(-x / 31)).toBe(-erfInv(x / 31));
      expect(Math.abs(sigmoid(x) + sigmoid(-x) - 1)).toBeLessThanOrEqual(2 ** -53);
    }
  });

  it("no function falls where it should rise", () => {
    for (const [f, low, high] of [
      [erf, -6, 6],
      [tanh, -21, 21],
      [normalCdf, -40, 9],
      [sigmoid, -60, 60],
      [erfInv, -0.9999, 0.9999],
    ] as const) {
      const values = Array.from({ length: 4001 }, (_, i) => f(low + ((high - low) * i) / 4000));
      expect(values.every((value, i) => i === 0 || value >= values[i - 1]!)).toBe(true);
    }
  });
});

describe("pow", () => {
  it("follows IEEE 754 where Math.pow does not", () => {
    expect(1 ** NaN).toBeNaN();
    expect(pow(1, NaN)).toBe(1);
    expect(pow(1, Infinity)).toBe(1);
    expect(pow(-1, -Infinity)).toBe(1);
  });

  it("agrees with Math.pow elsewhere", () => {
    for (const x of [0, -0, 2, -2, Infinity, -Infinity, NaN, tiny]) {
      for (const y of [0, -0, 1, -1, 2, 3, 0.5, Infinity, -Infinity, NaN]) expect(pow(x, y)).toBe(x ** y);
    }
  });
});

describe("integerPow", () => {
  it("agrees with Math.pow on zeros, infinities and NaN", () => {
    for (const x of [0, -0, 1, -1, Infinity, -Infinity, NaN]) {
      for (const n of [0, 1, 2, 3, 4, -1, -2, -3, 1001]) expect(integerPow(x, n), `${x}^${n}`).toBe(x ** n);
    }
  });

  it("overflows, underflows and reaches subnormal numbers like Math.pow", () => {
    expect(integerPow(1e200, 3)).toBe(Infinity);
    expect(integerPow(-1e200, 3)).toBe(-Infinity);
    expect(integerPow(1e200, -3)).toBe(0);
    expect(integerPow(2, -1074)).toBe(tiny);
    expect(integerPow(2, 1023)).toBe(2 ** 1023);
  });

  it("is exact where the power is representable", () => {
    for (let n = 0; n <= 33; n++) expect(integerPow(3, n)).toBe(Number(3n ** BigInt(n)));
    expect(integerPow(1 + 2 ** -26, 2)).toBe(1 + 2 ** -25 + 2 ** -52);
  });

  it("wraps modulo 2^32 in int32", () => {
    for (const x of [0, 1, -1, 3, -7, 65536, 2147483647, -2147483648]) {
      for (let n = 0; n < 40; n++)
        expect(integerPowInt32(x, n)).toBe(Number(BigInt.asIntN(32, BigInt(x) ** BigInt(n))));
    }
  });
});
