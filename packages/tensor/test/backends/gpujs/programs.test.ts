import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import {
  bernoulli,
  compile,
  concat,
  type DenseTensor,
  foldIn,
  key,
  makeGpujs,
  matmul,
  normal,
  permutation,
  plan,
  randint,
  ready,
  type Tensor,
  tensor,
  trace,
  uniform,
  where,
} from "../../../src/index.ts";
import { expectNear, runBoth } from "./support/compare.ts";

const backend = makeGpujs({ mode: "webasm" });
const randn = (seed: number, shape: number[]): DenseTensor =>
  normal(key(seed), shape, { dtype: "float32" }).concrete("test");

async function check(f: (...xs: Tensor[]) => Tensor[], inputs: DenseTensor[], rtol = 1e-5): Promise<void> {
  const { got, want } = await runBoth(backend, f, inputs);
  got.forEach((y, i) => {
    expectNear(y, want[i], rtol, () => 1);
  });
}

describe("plans on gpu.js", () => {
  it("have printable sources that follow from the plan alone", () => {
    const f = (x: Tensor, w: Tensor) => matmul(x, w).tanh().sum(0);
    const sources = () => plan(trace(f)(randn(0, [4, 3]), randn(1, [3, 2]))).sources("gpujs");
    expect(sources()).toEqual(sources());
    expect(sources()[0]).toBe(
      [
        "function (a0, a1) {",
        "  let total = 0;",
        "  for (let k0 = 0; k0 < 3; k0++) {",
        "    const t0 = a0[this.thread.y * 3 + k0];",
        "    const t1 = a1[this.thread.x + k0 * 2];",
        "    const t2 = t0 * t1;",
        "    total += t2;",
        "  }",
        "  return total;",
        "}",
        "// threads [2, 4]",
      ].join("\n"),
    );
    expect(sources()[1]).toContain("function tanhOf(x)");
  });

  it("reads a product in its own and in transposed order where both are one array", async () => {
    const f = (a: Tensor, b: Tensor): Tensor[] => {
      const product = matmul(a, b);
      return [product.add(product.transpose())];
    };
    await check(f, [randn(0, [5, 3]), randn(1, [3, 5])]);
  });

  it("read at most 7 arrays a kernel", async () => {
    const xs = Array.from({ length: 20 }, (_, i) => randn(i, [3, 5]));
    const f = (...all: Tensor[]): Tensor[] => [
      all.reduce((sum, x, i) => (i % 2 ? sum.mul(x.tanh()) : sum.add(x))),
      all.reduce((sum, x) => sum.add(x.square())).max(1),
      concat(all, 1),
    ];
    const arities = plan(trace(f)(...xs))
      .sources("gpujs")
      .map((source) => Math.max(...[...source.matchAll(/\ba(\d+)\[/g)].map(([, i]) => Number(i) + 1)));
    expect(Math.max(...arities)).toBe(7);
    await check(f, xs);
  });

  it("sum long axes in two launches, whatever is left over", async () => {
    const x = randn(3, [3, 1001, 2]);
    const f = (a: Tensor): Tensor[] => [a.sum(1), a.max(), a.min([0, 1]), a.sum(), a.square().sum([0, 2]).sum()];
    const launches = plan(trace(f)(x)).sources("gpujs").length;
    expect(launches).toBeGreaterThan(5);
    await check(f, [x], 1e-4);
    const tall = [randn(1, [1500, 3]), randn(2, [1500, 2])];
    await check((a, b) => [matmul(a.transpose(), b)], tall, 1e-4);
  });

  it("iterate over more axes than threads have", async () => {
    const x = randn(4, [2, 3, 4, 5, 3]);
    await check(
      (a) => [a.transpose([4, 2, 0, 3, 1]).add(a.sum([1, 3], { keepDims: true }).transpose([4, 2, 0, 3, 1]))],
      [x],
    );
    await check((a) => [a.transpose([3, 1, 4, 0, 2]).exp().sum([1, 3])], [x]);
    await check((a) => [a.flip([1, 3]).slice([0, 2], [1, 3], [0, 4, 2]).mul(2)], [x]);
  });

  it("multiply matrices in every layout, in batches and where nothing is to be added", async () => {
    const [a, b] = [randn(1, [3, 7]), randn(2, [7, 5])];
    const turned = (x: DenseTensor): DenseTensor => x.transpose().concrete("test");
    await check((x, y) => [matmul(x, y)], [a, b]);
    await check((x, y) => [matmul(x.transpose(), y)], [turned(a), b]);
    await check((x, y) => [matmul(x, y.transpose())], [a, turned(b)]);
    await check((x, y) => [matmul(x.transpose(), y.transpose())], [turned(a), turned(b)]);
    await check(
      (x, y) => [matmul(x, y.flip(0)), matmul(y, y.transpose([0, 2, 1]))],
      [randn(3, [4, 2, 3]), randn(4, [4, 3, 3])],
    );
    await check((x, y) => [matmul(x, y)], [randn(3, [4, 0]), randn(4, [0, 3])]);
  });

  it("add a bias and apply an activation in the launch of the product", async () => {
    const inputs = [randn(1, [5, 3]), randn(2, [3, 4]), randn(3, [4]), randn(4, [3, 4])];
    const sources = (f: (...xs: Tensor[]) => unknown): string[] => plan(trace(f)(...inputs)).sources("gpujs");
    const layer = (x: Tensor, w: Tensor, b: Tensor): Tensor => matmul(x, w).add(b).tanh();
    expect(sources(layer)).toHaveLength(1);
    expect(sources(layer)[0]).toContain("    total += t2;\n  }\n  const r");
    // Two products that meet: the second is computed where they do.
    const meet = (x: Tensor, w: Tensor, b: Tensor, v: Tensor): Tensor => matmul(x, w).add(b).mul(matmul(x, v).exp());
    expect(sources(meet)).toHaveLength(2);
    // A product that is a result too, or is read twice, is there on its own.
    const kept = (x: Tensor, w: Tensor): Tensor[] => [matmul(x, w), matmul(x, w).tanh()];
    expect(sources(kept)).toHaveLength(2);
    const both = (x: Tensor, w: Tensor, b: Tensor): Tensor[] => [layer(x, w, b), matmul(x, w).add(b).exp()];
    await check((x, w, b, v) => [layer(x, w, b), meet(x, w, b, v), ...kept(x, w), ...both(x, w, b)], inputs);
    await check((x, w, b, v) => [meet(x, w, b, v)], inputs);
    await check((x, w, b) => [matmul(x, w).add(b).square().sum(), ...both(x, w, b)], inputs);
    await check(
      (x, w) => [
        matmul(x, w.transpose())
          .add(x.sum(1, { keepDims: true }))
          .relu(),
      ],
      [inputs[0], randn(5, [6, 3])],
    );
    await check(
      (x, y) => [
        matmul(x, y)
          .mul(2)
          .add(y.sum(1, { keepDims: true })),
      ],
      [randn(6, [3, 2, 4]), randn(7, [3, 4, 4])],
    );
  });

  it("answer empty tensors without a kernel", async () => {
    const x = randn(0, [0, 3]);
    await check((a) => [a.exp(), a.sum(), a.sum(0), a.transpose().mul(2), concat([a, a]), a.reshape([3, 0])], [x]);
    const pure = compile((a: Tensor) => a.mul(2), { backend });
    expect((await ready(pure(x))).toArray()).toEqual([]);
    expect(pure.report().launches).toBe(0);
  });

  it("draw random numbers with the bits of the reference", async () => {
    const draw = (k: Tensor): Tensor[] => [
      uniform(k, [7, 3], { dtype: "float32" }),
      randint(foldIn(k, 1), [9], 0, 1000),
      permutation(foldIn(k, 2), 20),
      bernoulli(foldIn(k, 3), 0.3, [11]),
    ];
    const { got, want } = await runBoth(backend, draw, [key(5)]);
    expectSameBits(got, want);
    await check((k) => [normal(k, [50], { dtype: "float32" })], [key(6)], 1e-5);
  });

  it("compute counters and plain numbers on the host, in float64", async () => {
    const f = compile(
      (x: Tensor, step: Tensor, rate: Tensor) => {
        const next = step.add(1);
        return [x.mul(rate.div(rate.mul(1e-9).add(1))), next, x.div(next.cast("float32"))];
      },
      { backend },
    );
    const call = f as unknown as (x: Tensor, step: Tensor, rate: number) => Tensor[];
    const [y, next, z] = await ready(call(tensor([3], { dtype: "float32" }), tensor(2 ** 30, { dtype: "int32" }), 0.5));
    expect([next.dtype, next.item()]).toEqual(["int32", 2 ** 30 + 1]);
    expectNear(y, tensor([1.5], { dtype: "float32" }), 1e-6);
    expectNear(z, tensor([3 / 2 ** 30], { dtype: "float32" }), 1e-6);
    expect(f.report().launches).toBe(2);
  });

  it("keep infinite constants, and choose without multiplying", async () => {
    const x = randn(8, [4, 5]);
    const masked = (a: Tensor): Tensor[] => {
      const scores = where(a.greater(0), a, tensor(Number.NEGATIVE_INFINITY, { dtype: "float32" }));
      return [scores.max(1), scores.sub(3).exp().sum(1), where(a.greater(0), a.log(), 0)];
    };
    await check(masked, [x]);
  });

  it("bake in what they close over", async () => {
    const table = randn(9, [6, 2]);
    await check((i) => [table.gather(i.cast("int32")), table.mul(i.sum())], [tensor([1, 5, 0], { dtype: "float32" })]);
  });

  it("refuse float64 and integer arithmetic on the device, and name the cast", () => {
    const refused = (f: (x: Tensor) => Tensor, x: Tensor) => () => compile(f, { backend })(x);
    expect(refused((x) => x.exp(), tensor([1, 2]))).toThrow(
      'gpujs: the device computes in float32, got float64 [2]; cast it with cast(x, "float32"), or use backend "wasm"',
    );
    const x = tensor([1, 2], { dtype: "float32" });
    expect(refused((v) => v.cast("int32").add(1), x)).toThrow(
      "gpujs: add of int32 cannot run on values of the device, only on what depends on integer arguments alone; " +
        'cast its operands with cast(x, "float32")',
    );
    expect(refused((v) => v.argmax(0).mul(3), x)).toThrow("gpujs: mul of int32");
    expect(refused((v) => v.cast("int32").sum(), x)).toThrow("gpujs: sum of int32");
  });
});
