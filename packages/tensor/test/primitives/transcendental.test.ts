import { bigFunctions, forAll, primitiveCases, ulpError } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { evaluate, primitiveOf, tensor } from "../../src/index.ts";
import { valuesOf } from "../support/naive.ts";

type Name = keyof typeof bigFunctions;
const names = Object.keys(bigFunctions) as Name[];
const apply = (name: Name, x: Parameters<typeof evaluate>[1][number]): number[] =>
  valuesOf(evaluate(primitiveOf(name), [x], {}));

/** Units of the last place that the host's function may be off by, where it is more than one: a tail is a product of three roundings. */
const units: Partial<Record<Name, number>> = { normalCdf: 3 };

describe("elementary functions against 64 digits", () => {
  it.each(names)("%s is within one ulp in float64, or what stands above", (name) => {
    forAll(
      primitiveCases(name),
      ({ operands: [x] }) => {
        apply(name, x).forEach((got, i) => {
          expect(ulpError(name, x.buffer[i], got)).toBeLessThanOrEqual(units[name] ?? 1);
        });
      },
      { runs: 30 },
    );
  });

  it("an approximation of two ulps would be noticed", () => {
    const [got] = apply("exp", tensor([1]));
    expect(ulpError("exp", 1, got * (1 + 2 ** -51))).toBeGreaterThan(1);
  });
});

describe("elementary functions at the edges", () => {
  it.each<[Name, [number, number][]]>([
    [
      "exp",
      [
        [-Infinity, 0],
        [Infinity, Infinity],
        [-0, 1],
        [800, Infinity],
        [-800, 0],
      ],
    ],
    [
      "expm1",
      [
        [-Infinity, -1],
        [-0, -0],
        [1e-20, 1e-20],
      ],
    ],
    [
      "log",
      [
        [0, -Infinity],
        [-0, -Infinity],
        [-1, NaN],
        [Infinity, Infinity],
        [1, 0],
      ],
    ],
    [
      "log1p",
      [
        [-1, -Infinity],
        [-0, -0],
        [-2, NaN],
        [1e-20, 1e-20],
      ],
    ],
    [
      "sqrt",
      [
        [-0, -0],
        [-1, NaN],
        [Infinity, Infinity],
      ],
    ],
    [
      "rsqrt",
      [
        [0, Infinity],
        [-0, -Infinity],
        [Infinity, 0],
        [-1, NaN],
      ],
    ],
    [
      "sin",
      [
        [Infinity, NaN],
        [-0, -0],
      ],
    ],
    [
      "cos",
      [
        [Infinity, NaN],
        [-0, 1],
      ],
    ],
    [
      "atan",
      [
        [Infinity, Math.PI / 2],
        [-0, -0],
      ],
    ],
    [
      "tanh",
      [
        [Infinity, 1],
        [-Infinity, -1],
        [-0, -0],
        [800, 1],
      ],
    ],
    [
      "sigmoid",
      [
        [Infinity, 1],
        [-Infinity, 0],
        [0, 0.5],
        [-800, 0],
        [800, 1],
      ],
    ],
    [
      "erf",
      [
        [Infinity, 1],
        [-Infinity, -1],
        [-0, -0],
      ],
    ],
    [
      "normalCdf",
      [
        [Infinity, 1],
        [-Infinity, 0],
        [0, 0.5],
        [-0, 0.5],
        [-39, 0],
      ],
    ],
    [
      "erfInv",
      [
        [1, Infinity],
        [-1, -Infinity],
        [1.5, NaN],
        [-0, -0],
      ],
    ],
  ])("%s", (name, rows) => {
    const x = tensor([...rows.map(([input]) => input), NaN]);
    expect(apply(name, x)).toEqual([...rows.map(([, output]) => output), NaN]);
  });
});
