import { between, ulpError, ulpOf, ulpsApart } from "@pushforward/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ulpBounds } from "../../../../src/backends/wasm/vector/index.ts";
import { ExpressionGraph, scalarFunctions } from "../../../../src/expression/index.ts";
import { compileKernel, fmaModes, type Kernel } from "../support/runKernel.ts";

type FloatType = "float32" | "float64";
type Range = readonly [low: number, high: number];

const floatTypes: readonly FloatType[] = ["float32", "float64"];
const unary = Object.keys(ulpBounds).filter((name) => name !== "pow");

/** Where a function bends, has a zero or changes its formula. */
const ranges: Readonly<Record<string, readonly Range[]>> = {
  exp: [
    [-1, 1],
    [-740, 709],
    [-745, -708],
  ],
  expm1: [
    [-1, 1],
    [-45, 45],
    [-1e-3, 1e-3],
  ],
  log: [
    [0.5, 2],
    [0, 1e3],
    [0, 1e-300],
  ],
  log1p: [
    [-0.999, 3],
    [-1e-3, 1e-3],
    [0, 1e6],
  ],
  rsqrt: [
    [0, 4],
    [0, 1e-300],
  ],
  sin: [
    [-4, 4],
    [-1e3, 1e3],
    [-1e6, 1e6],
  ],
  cos: [
    [-4, 4],
    [-1e3, 1e3],
    [-1e6, 1e6],
  ],
  atan: [
    [-0.5, 0.5],
    [-3, 3],
    [-1e3, 1e3],
  ],
  tanh: [
    [-0.6, 0.6],
    [-3, 3],
    [-25, 25],
  ],
  sigmoid: [
    [-4, 1],
    [-45, 45],
    [-745, -700],
  ],
  erf: [
    [-0.9, 0.9],
    [0.85, 1.1],
    [-6, 6],
  ],
  normalCdf: [
    [-1, 3],
    [-9, 9],
    [-37.5, -5],
  ],
  erfInv: [
    [-0.1, 0.1],
    [-1, 1],
    [0.99, 1],
  ],
};

/** Numbers at which something has to be decided. */
const special = [
  ...[0, 1, 2 ** -149, 2 ** -1074, 1e-40, 2 ** -126, 2 ** -1022, 1e-20, 0.5, 2, 88.5, 88.8, 709.5, 709.9],
  ...[87.5, 103.5, 104.5, 708.5, 744.5, 746, 1e4, 1e6, 1e20, 3.4028234663852886e38, 1e290, Infinity],
].flatMap((x) => [x, -x]);

function kernelOf(name: string, dtype: FloatType, size: number, fma: boolean): Kernel {
  const graph = new ExpressionGraph();
  return compileKernel([graph.apply(`${name}(x)`, [graph.input(0, dtype)], dtype)], [dtype], size, fma);
}

/** Distance of a float32 from the true value, in ulps of that. */
function errorOf(got: number, truth: number): number {
  const rounded = Math.fround(truth);
  if (!Number.isFinite(rounded) || !Number.isFinite(got)) return Object.is(got, rounded) ? 0 : Infinity;
  return Math.abs(got - truth) / ulpOf(rounded, "float32");
}

describe.each(unary)("%s", (name) => {
  const scalar = scalarFunctions[name];

  it(`stays within ${ulpBounds[name].float32} ulp for float32 of all sizes`, () => {
    const size = 43690;
    const bits = Uint32Array.from({ length: size }, (_, i) => i * 98299);
    const inputs = new Float32Array(bits.buffer);
    for (const fma of fmaModes) {
      const [got] = kernelOf(name, "float32", size, fma).run([inputs]);
      for (let i = 0; i < size; i++) {
        const truth = scalar(inputs[i]);
        const off = errorOf(got[i], truth);
        if (!(off <= ulpBounds[name].float32))
          expect.fail(`${name}(${inputs[i]}) must be ${truth}, got ${got[i]}: ${off} ulp`);
      }
    }
  });

  it(`stays within ${ulpBounds[name].float64} ulp for float64`, () => {
    const inputs = Float64Array.from(
      ranges[name].flatMap(([low, high], i) => fc.sample(between(low, high), { numRuns: 40, seed: 19 + i })),
    );
    for (const fma of fmaModes) {
      const [got] = kernelOf(name, "float64", inputs.length, fma).run([inputs]);
      for (let i = 0; i < inputs.length; i++) {
        const off = ulpError(name as "exp", inputs[i], got[i]);
        if (!(off <= ulpBounds[name].float64)) expect.fail(`${name}(${inputs[i]}) is off by ${off} ulp: ${got[i]}`);
      }
    }
  });

  it.each(floatTypes)("has the zeros, infinities, NaN and ends of the range of its reference in %s", (dtype) => {
    const inputs = (dtype === "float32" ? Float32Array : Float64Array).from([...special, NaN]);
    for (const fma of fmaModes) {
      const [got] = kernelOf(name, dtype, inputs.length, fma).run([inputs]);
      inputs.forEach((x, i) => {
        const truth = scalar(x);
        const want = dtype === "float32" ? Math.fround(truth) : truth;
        if (want === 0 || !Number.isFinite(want)) expect(got[i], `${name}(${x})`).toBe(want);
        else expect(ulpsApart(got[i], want, dtype), `${name}(${x})`).toBeLessThanOrEqual(1 + ulpBounds[name][dtype]);
      });
    }
  });
});

describe("pow", () => {
  const { pow } = scalarFunctions;
  const bases = [0, 1, 2, 0.3, 1e-30, 7.25, 1.0000001, 2 ** -149, 1e38, Infinity].flatMap((x) => [x, -x]);
  const powers = [0, 1, 0.5, 2, 3, 1 / 3, 7.5, 31, 100, 1e9, 2 ** 24 + 2, 2 ** 52 + 1, Infinity].flatMap((y) => [
    y,
    -y,
  ]);
  const pairs = [...bases, NaN].flatMap((x) => [...powers, NaN].map((y) => [x, y] as const));

  it.each(floatTypes)("follows IEEE 754 at every exception in %s", (dtype) => {
    const [xs, ys] = [0, 1].map((k) => {
      const values = pairs.map((pair) => pair[k]);
      return dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values);
    });
    for (const fma of fmaModes) {
      const got = powersOf(xs, ys, dtype, fma);
      xs.forEach((x, i) => {
        const truth = pow(x, ys[i]);
        if (dtype === "float64") {
          if (truth === 0 || !Number.isFinite(truth)) expect(got[i], `${x}^${ys[i]}`).toBe(truth);
          else expect(ulpsApart(got[i], truth), `${x}^${ys[i]}`).toBeLessThanOrEqual(1 + ulpBounds.pow.float64);
        } else expect(errorOf(got[i], truth), `${x}^${ys[i]}`).toBeLessThanOrEqual(ulpBounds.pow.float32);
      });
    }
  });

  it(`stays within ${ulpBounds.pow.float32} ulp in float32`, () => {
    const size = 20000;
    const [xs, ys] = [Float32Array, Float32Array].map((array, k) =>
      array.from(fc.sample(between(k * -40, 3 + k * 37), { numRuns: size, seed: 5 + k })),
    );
    const got = powersOf(xs, ys, "float32", fmaModes.at(-1)!);
    for (let i = 0; i < size; i++) {
      const off = errorOf(got[i], pow(xs[i], ys[i]));
      if (!(off <= ulpBounds.pow.float32)) expect.fail(`pow(${xs[i]}, ${ys[i]}) is off by ${off} ulp: ${got[i]}`);
    }
  });
});

function powersOf(xs: Float32Array | Float64Array, ys: typeof xs, dtype: FloatType, fma: boolean): ArrayLike<number> {
  const graph = new ExpressionGraph();
  const node = graph.apply("pow(x, y)", [graph.input(0, dtype), graph.input(1, dtype)], dtype);
  return compileKernel([node], [dtype, dtype], xs.length, fma).run([xs, ys])[0];
}

describe("the measure itself", () => {
  it("sees an error of the last bit", () => {
    expect(errorOf(Math.fround(1 + 2 ** -23), 1)).toBe(1);
    expect(errorOf(1, 1 + 2 ** -25)).toBe(0.25);
  });

  it("sees a function without its second constant", () => {
    const graph = new ExpressionGraph();
    const x = graph.input(0, "float32");
    const rough = graph.apply("exp(x * 0.6931471805599453)", [x], "float32");
    const inputs = Float32Array.from({ length: 64 }, (_, i) => i - 32 + i / 64);
    const [got] = compileKernel([rough], ["float32"], 64, false).run([inputs]);
    expect(Math.max(...got.map((y, i) => errorOf(y, 2 ** inputs[i])))).toBeGreaterThan(2);
  });
});
