import { expect, it } from "vitest";
import { type AsyncBackend, compile, ready, softplus, type Tensor, tensor } from "../../../../src/index.ts";

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

/** How close the functions come to float64 over their whole range. */
export function accuracySuite(backend: AsyncBackend, bound: number): void {
  it.each(Object.keys(functions))(`%s is within ${bound} of its value everywhere`, async (name) => {
    const [points, f] = functions[name];
    expect(await worstError(backend, f, points)).toBeLessThan(bound);
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
