import type fc from "fast-check";
import type { BigNumber } from "mathjs";
import { describe, expect, it } from "vitest";
import { erf, erfc } from "../../src/scalar/erf.ts";
import { erfInv } from "../../src/scalar/erfInv.ts";
import { integerPow } from "../../src/scalar/integerPow.ts";
import { normalCdf } from "../../src/scalar/normalCdf.ts";
import { pow } from "../../src/scalar/pow.ts";
import { rsqrt } from "../../src/scalar/rsqrt.ts";
import { sigmoid } from "../../src/scalar/sigmoid.ts";
import { tanh } from "../../src/scalar/tanh.ts";
import {
  between,
  bigErf,
  bigErfc,
  bigErfInv,
  bigExpm1,
  bigLog1p,
  bigNormalCdf,
  exact,
  one,
  spread,
  ulpError,
  worstError,
} from "./bigNumber.ts";

type Truth = (x: BigNumber, got: BigNumber) => BigNumber;
type Range = readonly [label: string, inputs: fc.Arbitrary<number>];

const positive = (low: number, high: number): fc.Arbitrary<number> => spread(low, high).map(Math.abs);
const bigSigmoid: Truth = (x) => one.div(one.plus(x.neg().exp()));

/** Function, truth, bound in ulps, ranges. */
const rows: readonly (readonly [string, (x: number) => number, Truth, number, readonly Range[]])[] = [
  [
    "exp",
    Math.exp,
    (x) => x.exp(),
    1,
    [
      ["scales", spread(-20, 9)],
      ["subnormal results", between(-745, -700)],
    ],
  ],
  [
    "expm1",
    Math.expm1,
    bigExpm1,
    1,
    [
      ["scales", spread(-60, 9)],
      ["near 0", between(-1, 1)],
    ],
  ],
  [
    "log",
    Math.log,
    (x) => x.ln(),
    1,
    [
      ["scales", positive(-1000, 1000)],
      ["near 1", between(0.5, 2)],
    ],
  ],
  [
    "log1p",
    Math.log1p,
    bigLog1p,
    1,
    [
      ["scales", positive(-60, 300)],
      ["near 0", between(-0.999, 1)],
    ],
  ],
  ["sqrt", Math.sqrt, (x) => x.sqrt(), 0.5, [["scales", positive(-1022, 1023)]]],
  [
    "rsqrt",
    rsqrt,
    (x) => one.div(x.sqrt()),
    0.51,
    [
      ["scales", positive(-1074, 1023)],
      ["near 1", between(0.5, 4)],
    ],
  ],
  [
    "sin",
    Math.sin,
    (x) => x.sin(),
    1,
    [
      ["scales", spread(-40, 17)],
      ["one turn", between(-4, 4)],
    ],
  ],
  [
    "cos",
    Math.cos,
    (x) => x.cos(),
    1,
    [
      ["scales", spread(-40, 17)],
      ["one turn", between(-4, 4)],
    ],
  ],
  [
    "atan",
    Math.atan,
    (x) => x.atan(),
    1,
    [
      ["scales", spread(-40, 60)],
      ["bend", between(-3, 3)],
    ],
  ],
  [
    "tanh",
    tanh,
    (x) => x.tanh(),
    0.53,
    [
      ["scales", spread(-40, 5)],
      ["bend", between(-3, 3)],
    ],
  ],
  [
    "sigmoid",
    sigmoid,
    bigSigmoid,
    0.85,
    [
      ["scales", spread(-40, 9)],
      ["bend", between(-6, 6)],
      ["tail", between(-45, -30)],
    ],
  ],
  [
    "erf",
    erf,
    bigErf,
    0.85,
    [
      ["scales", spread(-1060, 2)],
      ["core", between(0, 0.9)],
      ["tail", between(-6, -0.8)],
    ],
  ],
  [
    "erfc",
    erfc,
    bigErfc,
    2.3,
    [
      ["core", between(-1.5, 1.3)],
      ["tail", between(1.2, 6)],
      ["far", between(6, 27.2)],
    ],
  ],
  [
    "normalCdf",
    normalCdf,
    bigNormalCdf,
    3.5,
    [
      ["scales", spread(-1060, 2)],
      ["core", between(-2, 2)],
      ["tail", between(-8, -2)],
      ["far", between(-37.5, -8)],
    ],
  ],
  [
    "erfInv",
    erfInv,
    bigErfInv,
    1,
    [
      ["scales", spread(-1060, 0)],
      ["even", between(-0.9999, 0.9999)],
      ["tail", positive(-53, -4).map((d) => 1 - d)],
    ],
  ],
];

describe("float64 functions of the host against 64 digits", () => {
  for (const [name, f, truth, bound, ranges] of rows) {
    for (const [label, inputs] of ranges) {
      it(`${name} stays within ${bound} ulp (${label})`, () => {
        const { ulps, x } = worstError(f, truth, inputs);
        expect(ulps, `at x = ${x}`).toBeLessThanOrEqual(bound);
      });
    }
  }

  for (const n of [-17, -8, -3, -2, -1, 2, 3, 4, 7, 12, 33]) {
    it(`integerPow stays within 0.55 ulp for the power ${n}`, () => {
      const { ulps, x } = worstError(
        (x) => integerPow(x, n),
        (x) => x.pow(n),
        spread(-8, 9),
        100,
      );
      expect(ulps, `at x = ${x}`).toBeLessThanOrEqual(0.55);
    });
  }

  for (const y of [-20.5, -1 / 3, 0.1, 0.5, 2.4, 97.25]) {
    it(`pow stays within 1 ulp for the power ${y}`, () => {
      const { ulps, x } = worstError(
        (x) => pow(x, y),
        (x) => x.pow(exact(y)),
        positive(-8, 9),
        150,
      );
      expect(ulps, `at x = ${x}`).toBeLessThanOrEqual(1);
    });
  }
});

describe("the measure itself", () => {
  it("sees the two roundings of 1/√x", () => {
    const { ulps } = worstError(
      (x) => 1 / Math.sqrt(x),
      (x) => one.div(x.sqrt()),
      positive(-10, 10),
    );
    expect(ulps).toBeGreaterThan(1);
  });

  it("sees the roundings of 1/(1 + exp(−x))", () => {
    const { ulps } = worstError((x) => 1 / (1 + Math.exp(-x)), bigSigmoid, between(-6, 6));
    expect(ulps).toBeGreaterThan(1);
  });

  it("sees what plain repeated squaring loses", () => {
    const cubed = (x: number): number => x * x * x;
    const { ulps } = worstError(
      (x) => cubed(cubed(cubed(x))),
      (x) => x.pow(27),
      spread(-2, 3),
    );
    expect(ulps).toBeGreaterThan(4);
  });

  it("counts one step of the grid as one ulp, for normal and subnormal numbers", () => {
    expect(ulpError(1 + 2 ** -52, one)).toBe(1);
    expect(ulpError(3 * 2 ** -1074, exact(2 ** -1074))).toBe(2);
    expect(exact(0.1).toString().length).toBeGreaterThan(50);
  });
});
