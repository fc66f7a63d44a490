import { grad, jvp, vmap } from "@pushforward/autodiff";
import {
  compile,
  key,
  normal,
  squaredNorm,
  type Tensor,
  type TensorLike,
  tensor,
  treeLeaves,
  treeMap,
} from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { type DitParams, dit, type FlowNetwork } from "../../src/index.ts";
import { numbersOf } from "../support/close.ts";

const options = { image: [4, 4, 1], patch: 2, dim: 8, depth: 2, heads: 2, classes: 3 } as const;
const net = dit({ ...options, zeroOutputs: false });
const params = net.init(key(0));
const x = normal(key(1), [3, 16]);
const [s, t] = [tensor([[0.1], [0.5], [0.9]]), tensor([[0.7], [0.5], [0.2]])];
const labels = tensor([0, 2, 1], { dtype: "int32" });
const close = { rtol: 1e-12, condition: 1 } as const;
const largest = (y: unknown): number => Math.max(...numbersOf(y).map(Math.abs));

describe("dit", () => {
  it("computes every picture by itself, with its times and its label", () => {
    const all = net.apply(params, x, s, t, labels);
    const one = (row: Tensor, a: Tensor, b: Tensor, label: Tensor): Tensor => net.apply(params, row, a, b, label);
    expectClose(vmap(one)(x, s, t, labels), all, close);
    expectClose(net.apply(params, x.slice(1), 0.5, 0.5, labels.slice(1)), all.slice(1), close);
  });

  it("takes scalar times and one label for all, and no label is the last row of the table", () => {
    const one = tensor(2, { dtype: "int32" });
    const each = tensor([2, 2, 2], { dtype: "int32" });
    const column = tensor([[0.3], [0.3], [0.3]]);
    expectSameBits(net.apply(params, x, 0.3, 0.8, one), net.apply(params, x, column, 0.8, each));
    const none = tensor(3, { dtype: "int32" });
    expectSameBits(net.apply(params, x, 0.3, 0.8), net.apply(params, x, 0.3, 0.8, none));
    expect(largest(net.apply(params, x, 0.3, 0.8).sub(net.apply(params, x, 0.3, 0.8, one)))).toBeGreaterThan(1e-4);
  });

  it("is a network in x and times for trainings, which leave labels to a closure", () => {
    const flow: FlowNetwork<DitParams> = net;
    const velocity: FlowNetwork<DitParams, readonly [TensorLike]> = dit({ ...options, times: 1 });
    expectSameBits(flow.apply(params, x, s, t), net.apply(params, x, s, t));
    expect(velocity.apply(velocity.init(key(0)), x, s).shape).toEqual([3, 16]);
  });

  it("knows the places of patches: pictures of moved patches give other patches", () => {
    const moved = (y: Tensor): Tensor => y.reshape([3, 2, 8]).flip(1).reshape([3, 16]);
    const gap = moved(net.apply(params, moved(x), s, t)).sub(net.apply(params, x, s, t));
    expect(largest(gap)).toBeGreaterThan(1e-3);
  });

  it("starts as the zero velocity with a zero tangent, and its gradient is not zero", () => {
    const zero = dit(options);
    const start = zero.init(key(0));
    const at = (p: DitParams) => (y: Tensor, a: Tensor, b: Tensor) => zero.apply(p, y, a, b, labels);
    const direction: [Tensor, Tensor, Tensor] = [normal(key(2), [3, 16]), s.mul(0).add(1), t.mul(0)];
    const [value, tangent] = jvp(at(start), [x, s, t], direction);
    expect([largest(value), largest(tangent)]).toEqual([0, 0]);
    const loss = (p: DitParams): Tensor => squaredNorm(at(p)(x, s, t).sub(1)).mean();
    expect(largest(grad(loss)(start).finalLayer.linear.bias)).toBeGreaterThan(0.1);
    const [, other] = jvp((y: Tensor, a: Tensor, b: Tensor) => net.apply(params, y, a, b), [x, s, t], direction);
    expect(largest(other)).toBeGreaterThan(1e-2);
  });

  it("compiles a step of a MeanFlow to the numbers of eager code", () => {
    const step = (p: DitParams, y: Tensor, label: Tensor) => {
      const loss = (q: DitParams): Tensor => {
        const u = (a: Tensor, b: Tensor) => net.apply(q, a, b, t, label);
        const [value, slope] = jvp(u, [y, s], [y, s.mul(0).add(1)]);
        return squaredNorm(value.add(slope.mul(t.sub(s)))).mean();
      };
      return { loss: loss(p), grads: grad(loss)(p) };
    };
    const [eager, compiled] = [step(params, x, labels), compile(step, { backend: "wasm" })(params, x, labels)];
    for (const [i, leaf] of treeLeaves(eager).entries()) {
      expectClose(treeLeaves(compiled)[i], leaf, { rtol: 1e-11, condition: largest(leaf) });
    }
    expect(largest(eager.grads)).toBeGreaterThan(1e-3);
  });

  it("with checkpoints gives the same gradients", () => {
    const kept = dit({ ...options, zeroOutputs: false, checkpoint: true });
    const lossOf = (network: typeof net) => (p: DitParams) => squaredNorm(network.apply(p, x, s, t, labels)).mean();
    const [a, b] = [grad(lossOf(net))(params), grad(lossOf(kept))(params)];
    for (const [i, leaf] of treeLeaves(a).entries()) expectClose(treeLeaves(b)[i], leaf, close);
  });

  it("keeps float32", () => {
    const small = treeMap((p: Tensor) => p.cast("float32"), params);
    const y = net.apply(small, x.cast("float32"), 0.2, 0.7, labels);
    expect(y.dtype).toBe("float32");
    expectClose(y.cast("float64"), net.apply(params, x, 0.2, 0.7, labels), { rtol: 1e-5, condition: 1 });
    expect(treeLeaves(net.init(key(0), { dtype: "float32" })).every((p) => (p as Tensor).dtype === "float32")).toBe(
      true,
    );
  });

  it("starts as a velocity: the end time changes nothing until a gradient does", () => {
    const velocity = dit({ ...options, zeroOutputs: false, times: 1 });
    const taught = velocity.init(key(3));
    const student = net.startingAs(taught);
    expectClose(net.apply(student, x, s, 0.9, labels), velocity.apply(taught, x, s, labels), close);
    expectSameBits(net.apply(student, x, s, 0.9, labels), net.apply(student, x, s, 0.4, labels));
    const loss = (p: DitParams): Tensor => squaredNorm(net.apply(p, x, s, t, labels)).mean();
    const { hEmbedder } = grad(loss)(student);
    expect(largest(hEmbedder?.fc2.weight)).toBeGreaterThan(1e-6);
    expect(velocity.startingAs(taught)).toBe(taught);
    expect(net.startingAs(params)).toBe(params);
    expect(net.lastLayer(params)).toBe(params.finalLayer.linear);
  });

  it("names what is wrong with its settings", () => {
    expect(() => dit({ ...options, patch: 3 })).toThrow("dit: patches of 3 pixels must fill pictures of 4 × 4 pixels");
    expect(() => dit({ ...options, dim: 6 })).toThrow("dit: dim must be a multiple of 4, got 6");
    expect(() => dit({ ...options, heads: 3 })).toThrow("attention: heads must divide dim 8, got 3");
    expect(() => dit({ ...options, times: 3 as 2 })).toThrow("dit: times must be 1 or 2, got the number 3");
    expect(() => dit({ ...options, image: [4, 4] as never })).toThrow(
      "dit: image must be [height, width, channels], got [4, 4]",
    );
    expect(() => dit({ ...options, classes: 0 })).toThrow("dit: classes must be a whole number ≥ 1, got 0");
  });

  it("names what is wrong with its input", () => {
    const call = (change: unknown[]) => () => net.apply(...(change as Parameters<typeof net.apply>));
    expect(call([params, x.reshape([3, 4, 4, 1]), s, t])).toThrow("dit: x must be [batch, 16], got [3, 4, 4, 1]");
    expect(call([params, x, s, t, tensor([0, 4, 1], { dtype: "int32" })])).toThrow(
      "dit: labels must lie in [0, 3], got 4 at position 1",
    );
    expect(call([params, x, s, t, tensor([0, 1], { dtype: "int32" })])).toThrow(
      "dit: labels must be [3], one per sample, got [2]",
    );
    expect(call([params, x, s, t, tensor([0, 1, 2])])).toThrow("dit: labels must be an int32 tensor, got float64");
    expect(call([params, x, s, tensor([0.1, 0.2, 0.3])])).toThrow("dit: times must be scalars or [3, 1]");
    const { yEmbedder: _, ...without } = params;
    expect(call([without, x, s, t])).toThrow("dit: yEmbedder must be an object, got undefined");
    const plain = dit({ ...options, classes: undefined });
    expect(() => plain.apply(plain.init(key(0)), x, s, t, labels)).toThrow("dit: labels need classes, got none");
    expect(call([{ ...params, blocks: params.blocks.slice(1) }, x, s, t])).toThrow(
      "dit: blocks must have 2 entries, got 1",
    );
  });
});
