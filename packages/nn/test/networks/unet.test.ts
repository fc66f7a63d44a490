import { grad, jvp, vmap } from "@pushforward/autodiff";
import { compile, key, normal, squaredNorm, type Tensor, tensor, treeLeaves, treeMap } from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { layers, type UnetParams, unet } from "../../src/index.ts";
import { numbersOf } from "../support/close.ts";

const options = { image: [4, 4, 1], width: 2, levels: [1, 2], classes: 3 } as const;
const net = unet({ ...options, zeroOutputs: false });
const params = net.init(key(0));
const x = normal(key(1), [3, 16]);
const [s, t] = [tensor([[0.1], [0.5], [0.9]]), tensor([[0.7], [0.5], [0.2]])];
const labels = tensor([0, 2, 1], { dtype: "int32" });
const close = { rtol: 1e-12, condition: 1 } as const;
const largest = (y: unknown): number => Math.max(...numbersOf(y).map(Math.abs));

describe("unet", () => {
  it("computes every picture by itself, with its times and its label", () => {
    const all = net.apply(params, x, s, t, labels);
    const one = (row: Tensor, a: Tensor, b: Tensor, label: Tensor): Tensor => net.apply(params, row, a, b, label);
    expectClose(vmap(one)(x, s, t, labels), all, close);
    expectClose(net.apply(params, x.slice(1), 0.5, 0.5, labels.slice(1)), all.slice(1), close);
    const other = net.apply(params, x, s, t);
    expect(largest(other.sub(all))).toBeGreaterThan(1e-4);
  });

  it("starts as the zero velocity with a zero tangent, and its gradient is not zero", () => {
    const zero = unet(options);
    const start = zero.init(key(0));
    const at = (p: UnetParams) => (y: Tensor, a: Tensor, b: Tensor) => zero.apply(p, y, a, b, labels);
    const direction: [Tensor, Tensor, Tensor] = [normal(key(2), [3, 16]), s.mul(0).add(1), t.mul(0)];
    const [value, tangent] = jvp(at(start), [x, s, t], direction);
    expect([largest(value), largest(tangent)]).toEqual([0, 0]);
    const loss = (p: UnetParams): Tensor => squaredNorm(at(p)(x, s, t).sub(1)).mean();
    expect(largest(grad(loss)(start).convOut.bias)).toBeGreaterThan(0.1);
    const [, other] = jvp((y: Tensor, a: Tensor, b: Tensor) => net.apply(params, y, a, b), [x, s, t], direction);
    expect(largest(other)).toBeGreaterThan(1e-2);
  });

  it("compiles a step of a MeanFlow to the numbers of eager code", () => {
    const step = (p: UnetParams, y: Tensor, label: Tensor) => {
      const loss = (q: UnetParams): Tensor => {
        const u = (a: Tensor, b: Tensor) => net.apply(q, a, b, t, label);
        const [value, slope] = jvp(u, [y, s], [y, s.mul(0).add(1)]);
        return squaredNorm(value.add(slope.mul(t.sub(s)))).mean();
      };
      return { loss: loss(p), grads: grad(loss)(p) };
    };
    const [eager, compiled] = [step(params, x, labels), compile(step, { backend: "wasm" })(params, x, labels)];
    // The gradient of a bias before a normalisation is 0 but for rounding.
    for (const [i, leaf] of treeLeaves(eager).entries()) {
      expectClose(treeLeaves(compiled)[i], leaf, {
        rtol: 1e-11,
        condition: Math.max(largest(leaf), largest(eager.grads) / 100),
      });
    }
    expect(largest(eager.grads)).toBeGreaterThan(1e-3);
  });

  it("mirrors its result with a mirrored picture where kernels are symmetric, and only there", () => {
    const mirrored = (y: Tensor): Tensor => y.reshape([3, 4, 4, 1]).flip(2).reshape([3, 16]);
    const symmetric = treeMap((p: Tensor) => (p.rank === 4 ? p.add(p.flip(1)) : p), params);
    const gap = (p: UnetParams): number => {
      const [plain, turned] = [x, mirrored(x)].map((y) => net.apply(p, y, s, t, labels));
      return largest(mirrored(turned).sub(plain)) / largest(plain);
    };
    expect(gap(symmetric)).toBeLessThan(1e-13);
    expect(gap(params)).toBeGreaterThan(1e-3);
  });

  it("with checkpoints gives the same gradients, and a compiled gradient keeps less", () => {
    const kept = unet({ ...options, zeroOutputs: false, checkpoint: true });
    const lossOf = (network: typeof net) => (p: UnetParams) => squaredNorm(network.apply(p, x, s, t, labels)).mean();
    const [a, b] = [grad(lossOf(net))(params), grad(lossOf(kept))(params)];
    for (const [i, leaf] of treeLeaves(a).entries()) {
      expectClose(treeLeaves(b)[i], leaf, { rtol: 1e-12, condition: Math.max(1, largest(leaf)) });
    }
    const [many, column] = [normal(key(5), [32, 256]), normal(key(6), [32, 1])];
    const bytesOf = (checkpoint: boolean): number => {
      const large = unet({ image: [16, 16, 1], width: 8, levels: [1, 1, 1], checkpoint });
      const gradient = compile(
        (p: UnetParams) => grad((q: UnetParams) => squaredNorm(large.apply(q, many, column, column)).mean())(p),
        { backend: "wasm" },
      );
      gradient(large.init(key(7)));
      return gradient.report().bytes;
    };
    expect(bytesOf(true)).toBeLessThan(0.8 * bytesOf(false));
  });

  it("keeps float32", () => {
    const small = treeMap((p: Tensor) => p.cast("float32"), params);
    const y = net.apply(small, x.cast("float32"), 0.2, 0.7, labels);
    expect(y.dtype).toBe("float32");
    expectClose(y.cast("float64"), net.apply(params, x, 0.2, 0.7, labels), { rtol: 1e-4, condition: 1 });
  });

  it("starts as a velocity: the end time changes nothing", () => {
    const velocity = unet({ ...options, zeroOutputs: false, times: 1 });
    const taught = velocity.init(key(3));
    const student = net.startingAs(taught);
    expectClose(net.apply(student, x, s, 0.9, labels), velocity.apply(taught, x, s, labels), close);
    expectSameBits(net.apply(student, x, s, 0.9, labels), net.apply(student, x, s, 0.4, labels));
    expect(net.lastLayer(params)).toBe(params.convOut);
  });

  it("names what is wrong with its settings and its input", () => {
    expect(() => unet({ ...options, levels: [1, 1, 2, 2] })).toThrow(
      "unet: 4 levels halve a picture 3 times, which needs height and width divisible by 8, got 4 × 4",
    );
    expect(() => unet({ ...options, levels: [] })).toThrow("unet: levels must hold at least one multiple of width");
    expect(() => unet({ ...options, groups: 3 })).toThrow("groupNorm: groups must divide the 2 channels, got 3");
    expect(() => net.apply(params, x.reshape([3, 4, 4, 1]), s, t)).toThrow("unet: x must be [batch, 16]");
    const [first, ...rest] = params.downBlocks;
    const wrong = { ...params, downBlocks: [{ ...first, conv1: { ...first.conv1, weight: x } }, ...rest] };
    expect(() => net.apply(wrong, x, s, t)).toThrow(
      "unet: downBlocks.0.conv1.weight must be [3, 3, 2, 2], got [3, 16]",
    );
  });
});

describe("layers.conv", () => {
  const layer = layers.conv({ in: 2, out: 3, kernel: [1, 2], padding: "valid", bias: false });

  it("has a kernel [height, width, in, out], and names what is wrong", () => {
    expect(layer.init(key(0)).weight.shape).toEqual([1, 2, 2, 3]);
    expect(layer.apply(layer.init(key(0)), normal(key(1), [2, 4, 5, 2])).shape).toEqual([2, 4, 4, 3]);
    expect(() => layers.conv({ in: 1, out: 1, kernel: 0 })).toThrow(
      "conv: kernel must be a whole number ≥ 1 or [height, width], got 0",
    );
    expect(() => layer.apply(layer.init(key(0)), normal(key(1), [4, 5, 2]))).toThrow(
      "conv: x must be [batch, height, width, 2], got [4, 5, 2]",
    );
  });
});
