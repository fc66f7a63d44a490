import * as t from "@pushforward/tensor";
import { type BigComposite, bigComposites, exactly } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { grad, hessian, jacfwd, jacrev, jvp, vjp } from "../src/index.ts";

/** Tests compile for the reference where nothing is said. */
const wasm = { backend: "wasm" } as const;

type Tensor = t.Tensor;
type Name = keyof typeof bigComposites;
type FloatType = "float64" | "float32";

const functions: Readonly<Record<Name, (x: Tensor) => Tensor>> = {
  ...t.ops,
  gelu: (x) => t.gelu(x),
  approximateGelu: (x) => t.gelu(x, { approximate: true }),
};

/** Smallest, largest and relative distance of numbers. */
const formats = {
  float64: { smallest: 2 ** -1074, normal: 2 ** -1022, largest: Number.MAX_VALUE, epsilon: 2 ** -52 },
  float32: { smallest: 2 ** -149, normal: 2 ** -126, largest: 2 ** 128 - 2 ** 104, epsilon: 2 ** -23 },
} as const;

/** Every size from 1e-300 on, and where exponentials begin and end, in both formats. */
const sizes = [
  ...Array.from({ length: 609 }, (_, i) => [1, 2.3, 4.7][i % 3] * 10 ** (i - 300)).filter(Number.isFinite),
  ...[0.3, 0.6, 0.9, 0.999, 1, 1.01, 1.6, 3, 5, 6, 7, 8, 10, 12, 13, 17, 19, 20, 22, 26, 30, 37, 38, 40, 60, 87],
  ...[88.5, 88.9, 89.1, 89.4, 100, 103, 300, 354, 355, 372, 700, 709, 709.7, 710, 710.4, 740, 745],
];
const points = sizes.flatMap((x) => [x, -x]);

/** Arguments beyond this are not swept: the right value of their reduction by π takes more than 64 digits. */
const turns: ReadonlySet<string> = new Set(["sin", "cos", "tan"]);
/** Poles and edges of what is real. */
const isInDomain: Partial<Record<Name, (x: number) => boolean>> = {
  log: (x) => x > 0,
  sqrt: (x) => x > 0,
  rsqrt: (x) => x > 0,
  log1p: (x) => x > -1,
};

interface Truth {
  readonly x: number;
  readonly value: number;
  readonly slope: number;
}

/** Points of a function whose value and slope are in range, with both. */
function truths(name: Name, dtype: FloatType): Truth[] {
  const { largest } = formats[dtype];
  const { value, slope }: BigComposite = bigComposites[name];
  const inputs = points.map((x) => (dtype === "float32" ? Math.fround(x) : x)).filter((x) => x !== 0);
  return inputs
    .filter((x) => Math.abs(x) <= largest && (isInDomain[name]?.(x) ?? true) && !(turns.has(name) && Math.abs(x) > 1e6))
    .map((x) => ({ x, value: value(exactly(x)).toNumber(), slope: slope(exactly(x)).toNumber() }))
    .filter((row) => Math.abs(row.value) <= largest && Math.abs(row.slope) <= largest);
}

/**
 * What rounding excuses: a few units of the last place, and of the exponent where the result is an exponential of it; below the normal
 * numbers some of the smallest, since a factor may be one.
 */
function allowed(truth: number, dtype: FloatType): number {
  const { smallest, normal, epsilon } = formats[dtype];
  const size = Math.abs(truth);
  if (size < normal) return 1000 * smallest;
  return size * epsilon * (8 + 2 * Math.abs(Math.log(size)));
}

/** The worst of all points, so that a failure names one. */
function worst(rows: readonly Truth[], got: ArrayLike<number>, which: "value" | "slope", dtype: FloatType): string {
  const bad = rows.flatMap((row, i) => {
    const error = Math.abs(got[i] - row[which]);
    return error <= allowed(row[which], dtype) ? [] : [`${which} at ${row.x}: ${got[i]} for ${row[which]}`];
  });
  return bad.slice(0, 5).join("; ");
}

describe("nothing between input and result leaves the range or cancels", () => {
  const named = Object.keys(bigComposites) as Name[];

  it.each(
    named.flatMap((name) => [
      [name, "float64"],
      [name, "float32"],
    ]) as [Name, FloatType][],
  )("%s in %s, value and derivative, eager and compiled", (name, dtype) => {
    const rows = truths(name, dtype);
    expect(rows.length).toBeGreaterThan(30);
    const x = t.tensor(
      rows.map((row) => row.x),
      { dtype },
    ) as Tensor;
    const f = functions[name];
    const both = (at: Tensor): [Tensor, Tensor] => {
      const [value, slope] = jvp(f, [at], [t.onesLike(at)]);
      return [value, slope];
    };
    const reverse = (at: Tensor): Tensor => vjp(f, [at])[1](t.onesLike(at))[0];
    for (const run of [both, t.compile(both, wasm)]) {
      const [value, slope] = run(x);
      expect(worst(rows, value.dataSync(), "value", dtype)).toBe("");
      expect(worst(rows, slope.dataSync(), "slope", dtype)).toBe("");
    }
    for (const run of [reverse, t.compile(reverse, wasm)])
      expect(worst(rows, run(x).dataSync(), "slope", dtype)).toBe("");
  });

  it("every function of one number is among them", async () => {
    const family = await import("../../tensor/src/ops/transcendental.ts");
    const unswept = Object.keys(family).filter((name) => !Object.hasOwn(bigComposites, name));
    // its domain is [−1, 1]: measured against 64 digits with the primitives
    expect(unswept).toEqual(["erfInv"]);
  });

  it("formulas that look the same are seen: (eˣ − e⁻ˣ)/2, x/2·(1 + erf(x/√2)), 1 − tanh²", () => {
    const failing: readonly [Name, "value" | "slope", (x: Tensor) => Tensor][] = [
      ["sinh", "value", (x) => x.exp().sub(x.neg().exp()).mul(0.5)],
      ["cosh", "slope", (x) => x.exp().sub(x.neg().exp()).mul(0.5)],
      ["gelu", "value", (x) => x.mul(0.5).mul(x.mul(Math.SQRT1_2).erf().add(1))],
      ["tanh", "slope", (x) => t.sub(1, x.tanh().square())],
      ["atan", "slope", (x) => t.reciprocal(x.square().add(1))],
    ];
    for (const [name, which, f] of failing) {
      const rows = truths(name, "float64");
      expect(worst(rows, f(t.tensor(rows.map((row) => row.x))).dataSync(), which, "float64"), name).not.toBe("");
    }
  });
});

/** Vectors with their norm, unit vector and spread. */
const scales: readonly (readonly [dtype: FloatType, scale: number])[] = [
  ...[1e-320, 1e-300, 1e-200, 1e-170, 1e-160, 1e-150, 1, 1e150, 1e160, 1e200, 1e300, 1e307].map(
    (scale) => ["float64", scale] as const,
  ),
  ...[1e-40, 1e-37, 1e-30, 1e-20, 1e-12, 1, 1e12, 1e15, 1e18, 1e20, 1e30, 3e37].map(
    (scale) => ["float32", scale] as const,
  ),
];

describe("roots of sums of squares are in range wherever the root is", () => {
  it.each(scales)("norm, std and their gradients in %s at the scale %d", (dtype, scale) => {
    const x = t.tensor([3 * scale, 4 * scale, 0], { dtype }) as Tensor;
    // what rounding of the input to few digits takes
    const unit = dtype === "float32" ? Math.fround(scale) : scale;
    const tolerance = Math.max(8 * formats[dtype].epsilon, (4 * formats[dtype].smallest) / unit);
    const near = (got: Tensor, wanted: readonly number[], size: number): void =>
      [...got.dataSync()].forEach((value, i) => {
        expect(Math.abs(value / size - wanted[i]), `${got} for ${wanted} · ${size}`).toBeLessThanOrEqual(tolerance * 5);
      });
    const norm = (v: Tensor): Tensor => t.norm(v);
    const std = (v: Tensor): Tensor => t.std(v);
    // deviations 2/3, 5/3, −7/3 of the mean 7/3
    const spread = Math.sqrt(26 / 9);
    for (const wrap of [(f: (v: Tensor) => Tensor) => f, (f: (v: Tensor) => Tensor) => t.compile(f, wasm)]) {
      near(wrap(norm)(x), [5], unit);
      near(wrap(grad(norm))(x), [0.6, 0.8, 0], 1);
      near(wrap(std)(x), [spread], unit);
      near(wrap(grad(std))(x), [2 / 9 / spread, 5 / 9 / spread, -7 / 9 / spread], 1);
      near(wrap((v) => jvp(norm, [v], [t.onesLike(v)])[1])(x), [1.4], 1);
    }
  });

  it("each row has its own scale, and small parts beside large ones still count", () => {
    const x = t.tensor([
      [3e200, 4e200],
      [3, 4],
      [3e-200, 4e-200],
      [0, 0],
      [1e200, 1],
    ]) as Tensor;
    const digits = (y: Tensor): number[] => [...y.dataSync()].map((value) => Number(value.toPrecision(12)));
    expect(digits(t.norm(x))).toEqual([5e200, 5, 5e-200, 0, 1e200]);
    const slopes = digits(grad((v: Tensor) => t.norm(v).sum())(x) as Tensor);
    expect(slopes).toEqual([0.6, 0.8, 0.6, 0.8, 0.6, 0.8, 0, 0, 1, 1e-200]);
    expect(digits(t.norm(x, 0))).toEqual([3.16227766017e200, 4e200]);
    expect([...t.norm(t.tensor([Infinity, 1])).dataSync(), ...t.norm(t.tensor([NaN, 1])).dataSync()]).toEqual([
      Infinity,
      NaN,
    ]);
    expect(t.norm(t.zeros([2, 0])).toArray()).toEqual([0, 0]);
  });

  it("in range of the squares the bits are those of the plain formula", () => {
    const x = t.linspace(-3, 7, 64).reshape([8, 8]) as Tensor;
    expect(t.norm(x).dataSync()).toEqual(x.square().sum(-1).sqrt().dataSync());
    expect(t.std(x, 0).dataSync()).toEqual(t.variance(x, 0).sqrt().dataSync());
  });

  it("equal numbers have no spread, however large", () => {
    expect(t.std(t.tensor([1.7e308, 1.7e308])).item()).toBe(0);
    expect(t.std(t.tensor([1e-320, 1e-320])).item()).toBe(0);
  });
});

describe("sums beside a one keep what is small", () => {
  const gaps = [1e-300, 1e-20, 0.1, 1, 30, 36, 37, 40, 50, 100, 700, 740];

  it.each(gaps)("logSumExp and logSoftmax of (0, −%d)", (gap) => {
    const small = bigComposites.softplus.value(exactly(-gap)).toNumber();
    const x = t.tensor([0, -gap]) as Tensor;
    const close = (got: number, wanted: number): void =>
      expect(Math.abs(got - wanted)).toBeLessThanOrEqual(allowed(wanted, "float64"));
    for (const wrap of [(f: (v: Tensor) => Tensor) => f, (f: (v: Tensor) => Tensor) => t.compile(f, wasm)]) {
      close(wrap((v) => t.logSumExp(v))(x).item(), small);
      close(wrap((v) => t.logSoftmax(v))(x).dataSync()[0], -small);
      const slopes = wrap(grad((v: Tensor) => t.logSumExp(v)))(x).dataSync();
      close(slopes[1], bigComposites.sigmoid.value(exactly(-gap)).toNumber());
      close(slopes[0], bigComposites.sigmoid.value(exactly(gap)).toNumber());
    }
  });

  it.each(gaps)(
    "derivatives of the weight that is nearly 1 at (0, −%d): softmax, logSoftmax, the Hessian of logSumExp",
    (gap) => {
      const [near, far] = [gap, -gap].map((x) => bigComposites.sigmoid.value(exactly(x)));
      const product = near.times(far).toNumber();
      const x = t.tensor([0, -gap]) as Tensor;
      const close = (got: Tensor, wanted: readonly number[]): void =>
        [...got.dataSync()].forEach((value, i) => {
          expect(Math.abs(value - wanted[i]), `${got}`).toBeLessThanOrEqual(allowed(wanted[i], "float64"));
        });
      const products = [product, -product, -product, product];
      for (const wrap of [(f: (v: Tensor) => unknown) => f, (f: (v: Tensor) => unknown) => t.compile(f, wasm)]) {
        const run = (f: (v: Tensor) => unknown): Tensor => wrap(f)(x) as Tensor;
        for (const jacobian of [jacfwd, jacrev]) {
          close(run(jacobian((v: Tensor) => t.softmax(v))), products);
          const [one, other] = [far.toNumber(), near.toNumber()];
          close(run(jacobian((v: Tensor) => t.logSoftmax(v))), [one, -one, -other, other]);
        }
        close(run(hessian((v: Tensor) => t.logSumExp(v))), products);
      }
    },
  );

  it("ties count each", () => {
    expect(t.logSumExp(t.tensor([5, 5, 5, -100])).item()).toBeCloseTo(5 + Math.log(3), 14);
    expect([...t.logSoftmax(t.tensor([2, 2])).dataSync()]).toEqual([-Math.LN2, -Math.LN2]);
  });
});

describe("lerp", () => {
  it("is exact at both ends, and does not overflow on the way", () => {
    const [x, y] = [t.tensor([1, -1.5e308, 1e-300]), t.tensor([1e-20, 1.5e308, 1e300])] as Tensor[];
    expect(t.lerp(x, y, 0).dataSync()).toEqual(x.dataSync());
    expect(t.lerp(x, y, 1).dataSync()).toEqual(y.dataSync());
    expect([...t.lerp(x, y, 0.5).dataSync()]).toEqual([0.5, 0, 5e299]);
    expect([...t.lerp(x, y, 0.25).dataSync()]).toEqual([0.75, -7.5e307, 2.5e299]);
    const slopes = jvp((s: Tensor) => t.lerp(2, 5, s), [t.tensor([0, 0.3, 0.5, 1])], [t.ones([4])])[1];
    expect([...slopes.dataSync()]).toEqual([3, 3, 3, 3]);
  });
});
