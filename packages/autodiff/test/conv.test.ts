import {
  type ConvOptions,
  compile,
  concat,
  conv,
  type DenseTensor,
  expandDims,
  fromData,
  matmul,
  pad,
  reshape,
  sizeOf,
  type Tensor,
  tanh,
  tensor,
  zeros,
} from "@pushforward/tensor";
import { convolutions, expectClose, expectSameBits, forAll } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { grad, jvp, vjp, vmap } from "../src/index.ts";
import golden from "./golden/conv.json" with { type: "json" };

/** Numbers that products and sums of float64 represent exactly, as `golden/conv.py` makes them. */
const values = (shape: readonly number[], seed: number): DenseTensor =>
  fromData(
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => (((i * 37 + seed * 17) % 101) - 50) / 32),
    shape,
  );

/** Of results of moderate size. */
const near = { rtol: 1e-13, condition: 1 };

const titleOf = ({ x, kernel, stride, padding, dilation }: (typeof golden)[number]): string =>
  `[${x}] ∗ [${kernel}], stride ${stride}, padding ${JSON.stringify(padding)}, dilation ${dilation}`;

describe("convolutions of JAX in float64", () => {
  it.each(golden.map((row) => [titleOf(row), row] as const))("%s", (_, row) => {
    const options = { stride: row.stride, padding: row.padding, dilation: row.dilation } as unknown as ConvOptions;
    const [x, k, dx, dk] = [values(row.x, 1), values(row.kernel, 2), values(row.x, 4), values(row.kernel, 5)];
    const ct = values(row.shape, 3);
    const [out, pull] = vjp((a: Tensor, b: Tensor) => conv(a, b, options), [x, k]);
    // Sums of these numbers are exact in any order.
    expectSameBits(
      [out, ...pull(ct)],
      [
        fromData(Float64Array.from(row.out), row.shape),
        fromData(Float64Array.from(row.pulled[0]), row.x),
        fromData(Float64Array.from(row.pulled[1]), row.kernel),
      ],
    );
    const f = (a: Tensor, b: Tensor): Tensor =>
      tanh(conv(a, b, options).div(8))
        .mul(ct)
        .sum();
    const one = (a: Tensor, b: Tensor, c: Tensor): Tensor =>
      tanh(conv(expandDims(a, 0), b, options).div(8))
        .mul(c)
        .sum();
    const everything = (a: Tensor, b: Tensor): Tensor[] => [
      ...jvp(f, [a, b], [dx, dk]),
      ...grad(f, { argnums: [0, 1] })(a, b),
      ...grad((...at: [Tensor, Tensor]) => jvp(f, at, [dx, dk])[1], { argnums: [0, 1] })(a, b),
      vmap(grad(one, { argnums: 1 }), { inAxes: [0, null, 0] })(a, b, ct),
    ];
    const want = [[row.value], [row.tangent], ...row.gradients, ...row.second, row.eachGradient];
    for (const got of [everything(x, k), compile(everything)(x, k)]) {
      got.forEach((y, i) => {
        expectClose(y.ravel(), tensor(want[i]), near);
      });
    }
  });

  it("differ from those with another padding (control)", () => {
    const [row] = golden;
    const out = conv(values(row.x, 1), values(row.kernel, 2), { padding: [[0, 2], [1, 0]] }); // biome-ignore format: pairs
    expect(out.shape).toEqual(row.shape);
    expect(() => expectClose(out.ravel(), tensor(row.out), near)).toThrow();
  });
});

const inner = (a: Tensor, b: Tensor): number => a.mul(b).sum().item();
const sizes = (a: Tensor, b: Tensor): number => inner(a.abs(), b.abs());
const close = (a: number, b: number, scale: number): boolean => Math.abs(a - b) <= 1e-13 * (scale + 1e-300);

describe("conv with every option", () => {
  it("is adjoint to its pullbacks: ⟨ct, X∗K⟩ = ⟨X̄, X⟩ = ⟨K̄, K⟩", () => {
    let [seen, broken] = [0, 0];
    forAll(
      convolutions(),
      ({ options, x, kernel }) => {
        const [out, pull] = vjp((a: Tensor, b: Tensor) => conv(a, b, options), [x, kernel]);
        const ct = values(out.shape, 6);
        const [cx, ck] = pull(ct);
        expect([cx.shape, ck.shape]).toEqual([x.shape, kernel.shape]);
        const scale = sizes(ct, conv(x.abs(), kernel.abs(), options));
        expect(close(inner(ct, out), inner(cx, x), scale)).toBe(true);
        expect(close(inner(ct, out), inner(ck, kernel), scale)).toBe(true);
        if (scale === 0) return;
        seen++;
        // Control: the pullback of a picture whose rows stand in another order.
        if (!close(inner(ct, out), inner(cx.flip(1), x), scale)) broken++;
      },
      { runs: 300 },
    );
    expect(seen).toBeGreaterThan(60);
    expect(broken).toBeGreaterThan(0.5 * seen);
  });

  it("has tangents that are two convolutions, also compiled", () => {
    forAll(
      convolutions(),
      ({ options, x, kernel }) => {
        const [dx, dk] = [values(x.shape, 7), values(kernel.shape, 8)];
        const tangent = (a: Tensor, b: Tensor): Tensor =>
          jvp((y: Tensor, k: Tensor) => conv(y, k, options), [a, b], [dx, dk])[1];
        const want = conv(dx, kernel, options).add(conv(x, dk, options));
        expectSameBits(tangent(x, kernel), want);
        const scale = conv(dx.abs(), kernel.abs(), options).add(conv(x.abs(), dk.abs(), options));
        const gap = compile(tangent)(x, kernel).sub(want).abs();
        expect(gap.lessEqual(scale.mul(1e-14)).all().item()).toBe(1);
      },
      { runs: 60 },
    );
  });

  it("is a loop under vmap: over pictures, over kernels and over both", () => {
    forAll(
      convolutions(),
      ({ options, x, kernel }) => {
        const xs = concat([expandDims(x, 0), expandDims(x.neg().add(1), 0), expandDims(x.mul(0.5), 0)]);
        const kernels = concat([expandDims(kernel, 0), expandDims(kernel.add(2), 0), expandDims(kernel.neg(), 0)]);
        const f = (a: Tensor, b: Tensor): Tensor => conv(a, b, options);
        const loop = (isX: boolean, isKernel: boolean): Tensor =>
          concat([0, 1, 2].map((i) => expandDims(f(isX ? xs.slice(i) : x, isKernel ? kernels.slice(i) : kernel), 0)));
        expectSameBits(vmap(f, { inAxes: [0, null] })(xs, kernel), loop(true, false));
        expectSameBits(vmap(f, { inAxes: [null, 0] })(x, kernels), loop(false, true));
        expectSameBits(vmap(f, { inAxes: [0, 0] })(xs, kernels), loop(true, true));
        const twice = vmap(vmap(f, { inAxes: [null, 0] }), { inAxes: [0, null] })(xs, kernels);
        expect(twice.shape.slice(0, 2)).toEqual([3, 3]);
        expectSameBits(
          twice.reshape([9, ...twice.shape.slice(2)]),
          concat([0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => expandDims(f(xs.slice(i), kernels.slice(j)), 0)))),
        );
      },
      { runs: 60 },
    );
  });

  it("with stride equal to the kernel is a product of patches", () => {
    const [x, kernel] = [values([2, 4, 6, 3], 1), values([2, 3, 3, 5], 2)];
    const patches = reshape(reshape(x, [2, 2, 2, 2, 3, 3]).transpose([0, 1, 3, 2, 4, 5]), [2, 2, 2, 18]);
    const got = conv(x, kernel, { stride: [2, 3], padding: "valid" });
    expectSameBits(got, matmul(patches, kernel.reshape([18, 5])));
  });

  it("moves a picture by a kernel with one place", () => {
    const x = values([1, 3, 3, 1], 1);
    const shift = pad(fromData(Float64Array.of(1), [1, 1, 1, 1]), [[0, 2], [0, 2], [0, 0], [0, 0]]); // biome-ignore format: pairs
    const moved = conv(x, shift, { padding: [[1, 1], [1, 1]] }); // biome-ignore format: pairs
    expectSameBits(moved.slice(null, 0), zeros([1, 3, 1]));
    expectSameBits(moved.slice(null, [1, null], [1, null]), x.slice(null, [0, 2], [0, 2]));
  });
});
