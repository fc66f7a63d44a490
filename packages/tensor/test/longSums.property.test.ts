import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import {
  compile,
  cumsum,
  type DenseTensor,
  iota,
  key,
  matmul,
  mean,
  normal,
  ones,
  remainder,
  type Shape,
  scatterAdd,
  type Tensor,
  tensor,
  uniform,
  zeros,
} from "../src/index.ts";

/** The sum of float64 terms with twice their digits, and Σ|terms|. @source Ogita, Rump, Oishi 2005, "Accurate sum", Sum2 */
function exactSum(terms: Float64Array, from: number, n: number): readonly [sum: number, size: number] {
  let [high, low, size] = [0, 0, 0];
  for (let i = from; i < from + n; i++) {
    const [x, sum] = [terms[i], high + terms[i]];
    low += Math.abs(high) >= Math.abs(x) ? high - sum + x : x - sum + high;
    high = sum;
    size += Math.abs(x);
  }
  return [high + low, size];
}

type Float = "float32" | "float64";

/** Most that a sum of n terms may be off, as a part of Σ|terms|. */
const allowed = (n: number, dtype: Float): number =>
  2e-7 * Math.log2(Math.max(2, n)) * (dtype === "float32" ? 1 : 2 ** -29);

/** A way to lay out sums of n terms: its argument, what is computed, and the terms of each element as float64 [..., n]. */
interface Layout {
  readonly shape: (n: number) => Shape;
  readonly f: (x: Tensor) => Tensor;
  readonly terms?: (x: Tensor) => Tensor;
}

const root = (n: number): number => Math.ceil(Math.sqrt(n));
const columns = (count: number): Layout => ({
  shape: (n) => [n, count],
  f: (x) => x.sum(0),
  terms: (x) => x.transpose(),
});

/** Products share the axis of n terms; terms [..., m, n, k]. */
const pairs = (a: Tensor, b: Tensor): Tensor => {
  const [m, k, n] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  const batch = a.shape.slice(0, -2);
  const left = a.reshape([...batch, m, 1, k]).broadcastTo([...batch, m, n, k]);
  const right = b.swapAxes(-1, -2).reshape([...batch, 1, n, k]);
  return left.mul(right.broadcastTo([...batch, m, n, k]));
};

const layouts: Readonly<Record<string, Layout>> = {
  "a line": { shape: (n) => [n], f: (x) => x.sum() },
  rows: { shape: (n) => [3, n], f: (x) => x.sum(1) },
  ...Object.fromEntries([1, 3, 16, 21, 70].map((count) => [`${count} columns`, columns(count)])),
  "a middle axis": { shape: (n) => [2, n, 5], f: (x) => x.sum(1), terms: (x) => x.transpose([0, 2, 1]) },
  everything: { shape: (n) => [root(n), root(n)], f: (x) => x.sum(), terms: (x) => x.ravel() },
  "outer and inner axes": {
    shape: (n) => [root(n), 3, root(n)],
    f: (x) => x.sum([0, 2]),
    terms: (x) => x.transpose([1, 0, 2]).reshape([3, -1]),
  },
  "a long outer and a short inner axis": {
    shape: (n) => [Math.ceil(n / 5), 2, 5],
    f: (x) => x.sum([0, 2]),
    terms: (x) => x.transpose([1, 0, 2]).reshape([2, -1]),
  },
  "a short outer and a long inner axis": {
    shape: (n) => [5, 2, Math.ceil(n / 5)],
    f: (x) => x.sum([0, 2]),
    terms: (x) => x.transpose([1, 0, 2]).reshape([2, -1]),
  },
  "outer axes": {
    shape: (n) => [Math.ceil(n / 7), 7, 4],
    f: (x) => x.sum([0, 1]),
    terms: (x) => x.reshape([-1, 4]).transpose(),
  },
  "every second row": {
    shape: (n) => [2 * n, 3],
    f: (x) => x.slice([0, null, 2]).sum(0),
    terms: (x) => x.slice([0, null, 2]).transpose(),
  },
  "every second element of rows": {
    shape: (n) => [2, 2 * n],
    f: (x) => x.slice(null, [0, null, 2]).sum(1),
    terms: (x) => x.slice(null, [0, null, 2]),
  },
  "backward columns": { shape: (n) => [n, 6], f: (x) => x.flip([0, 1]).sum(0), terms: (x) => x.flip(1).transpose() },
  "turned columns": { shape: (n) => [4, n], f: (x) => x.transpose().sum(0), terms: (x) => x },
  "a repeated row": {
    shape: (n) => [n, 1],
    f: (x) => x.broadcastTo([x.shape[0], 9]).sum(0),
    terms: (x) => x.transpose().broadcastTo([9, x.shape[0]]),
  },
  "squares of columns": { shape: (n) => [n, 3], f: (x) => x.square().sum(0), terms: (x) => x.square().transpose() },
  "the mean": { shape: (n) => [n, 2], f: (x) => mean(x, 0).mul(x.shape[0]), terms: (x) => x.transpose() },
  "running sums": {
    shape: (n) => [2, n],
    f: (x) =>
      cumsum(x, 1)
        .slice(null, [x.shape[1] - 1, null])
        .ravel(),
    terms: (x) => x,
  },
  "running sums down columns": {
    shape: (n) => [n, 5],
    f: (x) => cumsum(x, 0, { reverse: true }).slice([0, 1]).ravel(),
    terms: (x) => x.flip(0).transpose(),
  },
  "scattered numbers": {
    shape: (n) => [3 * n],
    f: (x) => scatterAdd(x, remainder(iota([x.shape[0]]), 3), 3),
    terms: (x) => x.reshape([-1, 3]).transpose(),
  },
  "scattered rows": {
    shape: (n) => [2 * n, 5],
    f: (x) => scatterAdd(x, remainder(iota([x.shape[0]]), 2), 2).ravel(),
    terms: (x) => x.reshape([-1, 2, 5]).transpose([1, 2, 0]),
  },
  "a product": {
    shape: (n) => [5, n],
    f: (x) => matmul(x, x.transpose()),
    terms: (x) => pairs(x, x.transpose()),
  },
  XᵀX: { shape: (n) => [n, 3], f: (x) => matmul(x.transpose(), x), terms: (x) => pairs(x.transpose(), x) },
  "a product of vectors": {
    shape: (n) => [1, n],
    f: (x) => matmul(x, x.transpose()),
    terms: (x) => pairs(x, x.transpose()),
  },
  "a backward product": {
    shape: (n) => [2, n],
    f: (x) => matmul(x.flip(1), x.flip(1).transpose()),
    terms: (x) => pairs(x.flip(1), x.flip(1).transpose()),
  },
  "products of many matrices": {
    shape: (n) => [2, 3, n],
    f: (x) => matmul(x, x.swapAxes(1, 2)),
    terms: (x) => pairs(x, x.swapAxes(1, 2)),
  },
};

/** Numbers that make sums go wrong: errors that all have one sign, cancellation, and terms below half a unit of the first. */
const numbers: Readonly<Record<string, (shape: Shape, dtype: Float) => DenseTensor>> = {
  normal: (shape, dtype) => normal(key(1), shape, { dtype }).concrete("test"),
  positive: (shape, dtype) => uniform(key(2), shape, { dtype }).concrete("test"),
  equal: (shape, dtype) => ones(shape, { dtype }).mul(0.1).concrete("test"),
  alternating: (shape, dtype) => mapped(shape, dtype, (i) => (i % 2 === 0 ? 100 : -100) + (i % 7) * 1e-3),
  "large first": (shape, dtype) => {
    const small = dtype === "float32" ? 5.9e-8 : 1.1e-16;
    return mapped(shape, dtype, (i) => (i * 20 < Math.max(...shape) || i % Math.max(...shape) === 0 ? 1 : small));
  },
};

function mapped(shape: Shape, dtype: Float, value: (i: number) => number): DenseTensor {
  const { buffer } = zeros(shape, { dtype });
  for (let i = 0; i < buffer.length; i++) buffer[i] = value(i);
  return tensor(buffer, { shape });
}

/** The largest error of a result as a part of what is allowed. */
function excess({ terms = (x) => x }: Layout, got: Tensor, x: DenseTensor): number {
  const wide = terms(x.cast("float64")).concrete("test");
  const n = wide.shape.at(-1)!;
  const { buffer } = got.concrete("test");
  expect(buffer.length).toBe(wide.size / n);
  let worst = 0;
  for (let i = 0; i < buffer.length; i++) {
    const [sum, size] = exactSum(wide.buffer as Float64Array, i * n, n);
    worst = Math.max(worst, Math.abs(buffer[i] - sum) / (allowed(n, x.dtype as Float) * size));
  }
  return worst;
}

const names = Object.keys(layouts);
const lengths = [2, 3, 7, 12, 13, 31, 97, 144, 500, 1200, 4099, 20_000];
const longest = 10 ** 6;

describe("long sums keep 2·10⁻⁷·log₂ n of Σ|terms| (float64: 2⁻²⁹ of that)", () => {
  it.each(names)("compiled, of %s", { timeout: 120_000 }, (name) => {
    const layout = layouts[name];
    const f = compile(layout.f, { backend: "wasm", threads: 1 });
    for (const dtype of ["float32", "float64"] as const) {
      for (const [kind, draw] of Object.entries(numbers)) {
        for (const n of dtype === "float32" ? lengths : lengths.filter((_, i) => i % 3 === 1)) {
          const x = draw(layout.shape(n), dtype);
          expect(excess(layout, f(x), x), `${n} ${kind} numbers in ${dtype}`).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  it.each(names)("compiled, a million of them, of %s", { timeout: 120_000 }, (name) => {
    const layout = layouts[name];
    const f = compile(layout.f, { backend: "wasm", threads: 1 });
    const count = layout.shape(2).reduce((size, n) => size * n, 1) / 2;
    const x = numbers.equal(layout.shape(Math.floor(longest / Math.max(1, count / 3))), "float32");
    expect(excess(layout, f(x), x)).toBeLessThanOrEqual(1);
  });

  it.each(names)("eager, of %s", { timeout: 120_000 }, (name) => {
    const layout = layouts[name];
    for (const dtype of ["float32", "float64"] as const) {
      for (const draw of Object.values(numbers)) {
        for (const n of [2, 9, 33, 1000, 5001]) {
          const x = draw(layout.shape(n), dtype);
          expect(excess(layout, layout.f(x), x), `${dtype} ${n}`).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  it("would not be kept by a plain loop", () => {
    const x = numbers.equal([100_003], "float32");
    const plain = [...x.buffer].reduce((sum, value) => Math.fround(sum + value), 0);
    expect(excess(layouts["a line"], tensor([plain]), x)).toBeGreaterThan(10);
    const wide = numbers.equal([1_000_003], "float64");
    const plainWide = [...wide.buffer].reduce((sum, value) => sum + value, 0);
    expect(excess(layouts["a line"], tensor([plainWide]), wide)).toBeGreaterThan(10);
  });

  it("agrees with whole numbers of any length on what is exact", () => {
    const x = numbers.positive([1000], "float32");
    const whole = [...x.buffer].reduce((sum, value) => sum + BigInt(value * 2 ** 60), 0n);
    expect(exactSum(Float64Array.from(x.buffer), 0, 1000)[0]).toBe(Number(whole) / 2 ** 60);
  });
});

describe("the examples of long sums", () => {
  it("std over a million rows of ±100, the mean of equal numbers, and ten million of 10⁻⁷", { timeout: 60_000 }, () => {
    const x = mapped([10 ** 6, 2], "float32", (i) => (i % 2 === 0 ? 100 : -100));
    const f = compile((a: Tensor) => [a.std(0), a.mean(0)], { backend: "wasm" });
    expect(f(x).map((y) => [...y.dataSync()])).toEqual([
      [0, 0],
      [100, -100],
    ]);
    const tenth = Math.fround(0.1);
    const means = compile((a: Tensor) => a.mean(0), { backend: "wasm" })(numbers.equal([10 ** 6, 2], "float32"));
    for (const value of means.dataSync()) expect(Math.abs(value - tenth)).toBeLessThan(2e-8);
    const sum = ones([10 ** 7])
      .mul(1e-7)
      .sum()
      .item();
    expect(Math.abs(sum - 1)).toBeLessThan(4e-16);
  });

  it("infinities, NaN and overflow stay what they are", () => {
    const of = (value: number, n: number, at: number): DenseTensor =>
      mapped([n, 3], "float32", (i) => (i === at ? value : 1));
    const f = (a: Tensor): Tensor[] => [
      a.sum(0),
      a.sum(1),
      a.sum(),
      matmul(a.transpose(), ones([a.shape[0], 1], { dtype: "float32" })),
    ];
    const g = compile(f, { backend: "wasm" });
    for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 3e38]) {
      for (const n of [5, 50, 500, 5000]) {
        const x = of(value, n, 3);
        const [got, want] = [g(x), f(x)].map((ys) =>
          ys.map((y) => [...y.dataSync()].map((v) => (Number.isFinite(v) ? "finite" : `${v}`))),
        );
        expect(got).toEqual(want);
      }
    }
    const huge = mapped([5000, 3], "float32", () => 3e38);
    expect(g(huge).map((y) => y.dataSync()[0])).toEqual([Infinity, Infinity, Infinity, Infinity]);
  });

  it("any number of threads gives the same bits", { timeout: 60_000 }, async () => {
    const x = normal(key(3), [30_011, 20], { dtype: "float32" });
    const f = (a: Tensor): Tensor[] => [a.sum(0), a.sum(1), a.sum(), matmul(a.transpose(), a), a.std(0), cumsum(a, 0)];
    const functions = [1, 2, 4].map((threads) => compile(f, { backend: "wasm", threads }));
    const [expected] = functions.map((g) => g(x));
    for (let i = 0; i < 400 && functions[2].report().threads < 4; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(functions[2].report().threads).toBe(4);
    for (const g of functions) for (let call = 0; call < 4; call++) expectSameBits(g(x), expected);
  });
});
