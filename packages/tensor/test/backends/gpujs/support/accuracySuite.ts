import { expect, it } from "vitest";
import {
  type AsyncBackend,
  compile,
  cumsum,
  full,
  iota,
  matmul,
  ready,
  scatterAdd,
  softplus,
  type Tensor,
  tensor,
} from "../../../../src/index.ts";

/** Points of both signs whose sizes cover a range evenly. */
const sizes = (low: number, high: number): Float32Array =>
  Float32Array.from({ length: 1000 }, (_, i) => (i % 2 ? 1 : -1) * low * (high / low) ** (i / 999));
const positive = (low: number, high: number): Float32Array => sizes(low, high).map(Math.abs);
const between = (low: number, high: number): Float32Array =>
  Float32Array.from({ length: 1000 }, (_, i) => low + ((high - low) * i) / 999);

/** Functions with the points where drivers' own versions are worst. */
const functions: Readonly<Record<string, readonly [Float32Array, (x: Tensor) => Tensor]>> = {
  tanh: [sizes(1e-8, 50), (x) => x.tanh()],
  expm1: [sizes(1e-8, 60), (x) => x.expm1()],
  log1p: [sizes(1e-8, 0.9), (x) => x.log1p()],
  "log1p far out": [positive(1e-3, 1e30), (x) => x.log1p()],
  "log near 1": [sizes(1e-6, 0.5).map((d) => 1 + d), (x) => x.log()],
  log: [positive(1e-30, 1e30), (x) => x.log()],
  exp: [between(-80, 80), (x) => x.exp()],
  sin: [sizes(1e-8, 1), (x) => x.sin()],
  atan: [sizes(1e-8, 1e6), (x) => x.atan()],
  erf: [sizes(1e-8, 6), (x) => x.erf()],
  normalCdf: [between(-12, 6), (x) => x.normalCdf()],
  gelu: [between(-12, 6), (x) => x.gelu()],
  erfInv: [between(-0.99999, 0.99999), (x) => x.erfInv()],
  "erfInv near 0": [sizes(1e-8, 0.1), (x) => x.erfInv()],
  sigmoid: [between(-80, 80), (x) => x.sigmoid()],
  softplus: [between(-80, 80), (x) => softplus(x)],
  rsqrt: [positive(1e-30, 1e30), (x) => x.rsqrt()],
};

/** Largest error against float64, as a part of the value, or of 1 where `isAbsolute`. */
async function worstError(
  backend: AsyncBackend,
  f: (x: Tensor) => Tensor,
  points: Float32Array,
  isAbsolute = false,
): Promise<number> {
  const x = tensor(points);
  const got = (await ready(compile(f, { backend })(x))).dataSync();
  const want = f(x.cast("float64")).dataSync();
  return Array.from(got).reduce((worst: number, value: number, i: number) => {
    const error = Math.abs(value - want[i]) / (isAbsolute ? 1 : Math.max(Math.abs(want[i]), 1e-37));
    return Number.isNaN(error) ? Infinity : Math.max(worst, error);
  }, 0);
}

/** Sums of n terms in every kind of kernel that adds. */
const sums: Readonly<Record<string, readonly [shape: (n: number) => number[], f: (x: Tensor) => Tensor]>> = {
  "a line": [(n) => [n], (x) => x.sum()],
  rows: [(n) => [2, n], (x) => x.sum(1)],
  columns: [(n) => [n, 3], (x) => x.sum(0)],
  "two axes": [(n) => [Math.ceil(n / 40), 2, 40], (x) => x.sum([0, 2])],
  "a product": [(n) => [2, n], (x) => matmul(x, x.transpose())],
  "running sums": [(n) => [n], (x) => cumsum(x, 0, { reverse: true }).slice([0, 1])],
  "scattered numbers": [(n) => [n], (x) => scatterAdd(x, iota([x.shape[0]]).remainder(1), 1)],
};

/** How close the functions come to float64 over their whole range. */
export function accuracySuite(backend: AsyncBackend, bound: number): void {
  it.each(Object.keys(functions))(`%s is within ${bound} of its value everywhere`, async (name) => {
    const [points, f] = functions[name];
    expect(await worstError(backend, f, points)).toBeLessThan(bound);
  });

  it.each(Object.keys(sums))("sums of %s are within 2·10⁻⁷·log₂ n of Σ|terms|", async (name) => {
    const [shape, f] = sums[name];
    for (const n of [11, 13, 100, 145, 1000, 3001]) {
      for (const value of [() => 0.1, (i: number) => (i % n === 0 ? 1 : 5.9e-8)]) {
        const size = shape(n).reduce((product, k) => product * k, 1);
        const x = tensor(
          Float32Array.from({ length: size }, (_, i) => value(i)),
          { shape: shape(n) },
        );
        const got = await ready(compile(f, { backend })(x));
        const [want, terms] = [f(x.cast("float64")), size / shape(1).reduce((product, k) => product * k, 1)];
        const worst = got.cast("float64").sub(want).abs().div(want).max().item();
        expect(worst, `${n}`).toBeLessThanOrEqual(2e-7 * Math.log2(Math.max(n, terms)));
      }
    }
  });

  it("long products of large matrices are within 2·10⁻⁷·log₂ n of Σ|terms|", async () => {
    const [x, y] = [full([256, 3003], 0.1, { dtype: "float32" }), full([3003, 256], 0.3, { dtype: "float32" })];
    const got = await ready(compile(matmul, { backend })(x, y));
    const want = 3003 * Math.fround(0.1) * Math.fround(0.3);
    const worst = got.cast("float64").sub(want).abs().max().item() / want;
    expect(worst).toBeLessThanOrEqual(2e-7 * Math.log2(3003));
  });

  it("sine and cosine are within 5e-7 up to a thousand", async () => {
    const points = between(-1000, 1000);
    expect(await worstError(backend, (x) => x.sin(), points, true)).toBeLessThan(5e-7);
    expect(await worstError(backend, (x) => x.cos(), points, true)).toBeLessThan(5e-7);
  });

  it("a hyperbolic tangent made of exponentials is far off near 0: the points tell", async () => {
    const plain = (x: Tensor): Tensor => x.mul(2).exp().sub(1).div(x.mul(2).exp().add(1));
    expect(await worstError(backend, plain, functions.tanh[0].subarray(0, 300))).toBeGreaterThan(1e-2);
  });
}
