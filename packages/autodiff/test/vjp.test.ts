import { matmul, type Tensor, tensor, zeros } from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { customJvp, jvp, vjp, vmap } from "../src/index.ts";

describe("vjp", () => {
  it("pulls a cotangent back through a matrix product", () => {
    const [a, b] = [tensor([[1, 2, 3]]), tensor([[4], [5], [6]])];
    const [out, pullback] = vjp(matmul as (a: Tensor, b: Tensor) => Tensor, [a, b]);
    expectSameBits(out, [[32]]);
    const [da, db] = pullback(tensor([[10]]));
    expectSameBits(da, [[40, 50, 60]]);
    expectSameBits(db, [[10], [20], [30]]);
  });

  it("sums cotangents over broadcast axes and over repeated uses", () => {
    const f = (x: Tensor) => x.add(tensor([[1], [2], [3]])).mul(x);
    // Σ over three rows of d(x² + c·x) = 2x + c.
    expectSameBits(vjp(f, [tensor([1, 10])])[1](zeros([3, 2]).add(1))[0], [6 + 6, 60 + 6]);
  });

  it("returns trees in the structure of the arguments, with null for int32 and bool leaves", () => {
    const f = (p: { w: Tensor; index: Tensor }, x: Tensor) => [p.w.gather(p.index), x.mul(2)] as const;
    const p = { w: tensor([1, 2, 3]), index: tensor([2, 0], { dtype: "int32" }) };
    const [, pullback] = vjp(f, [p, tensor(5)]);
    const [dp, dx] = pullback([tensor([10, 20]), tensor(7)]);
    expectSameBits(dp.w, [20, 0, 10]);
    expect(dp.index).toBe(null);
    expect(dx.item()).toBe(14);
  });

  it("takes null for a result without a cotangent", () => {
    const [, pullback] = vjp((x: Tensor) => ({ a: x.mul(2), b: x.mul(3) }), [tensor(1)]);
    expect(pullback({ a: null, b: tensor(1) })[0].item()).toBe(3);
    expect(pullback({ a: tensor(1), b: null })[0].item()).toBe(2);
    expect(pullback(null)[0].item()).toBe(0);
  });

  it("hands on aux", () => {
    const [out, pullback, aux] = vjp((x: Tensor) => [x.mul(x), x.add(1)] as const, [tensor(3)], { hasAux: true });
    expect([out.item(), pullback(tensor(1))[0].item(), aux.item()]).toEqual([9, 6, 4]);
  });

  it("gives a strong gradient for a number as cotangent", () => {
    const [, pullback] = vjp((x: Tensor) => x, [tensor(3)]);
    expect(pullback(1)[0].weak).toBe(false);
  });

  it("gives float32 gradients of float32 arguments and float64 ones of numbers", () => {
    const f = (x: Tensor, s: number) => x.mul(s).sum();
    const [dx, ds] = vjp(f, [tensor([1, 2], { dtype: "float32" }), 3])[1](tensor(1, { dtype: "float32" }));
    expect([dx.dtype, ds.dtype, ds.item()]).toEqual(["float32", "float64", 3]);
  });

  it("may be called many times, also with batches of cotangents", () => {
    const [, pullback] = vjp((x: Tensor) => x.mul(x), [tensor([1, 2])]);
    expectSameBits(pullback(tensor([1, 0]))[0], [2, 0]);
    expectSameBits(pullback(tensor([0, 1]))[0], [0, 4]);
    const rows = vmap((ct: Tensor) => pullback(ct)[0])(
      tensor([
        [1, 0],
        [0, 1],
      ]),
    );
    expectSameBits(rows, [
      [2, 0],
      [0, 4],
    ]);
  });

  it("pulls back inside another derivative: the tangent of the gradient of x³ is 6x", () => {
    const slope = (x: Tensor) => vjp((z: Tensor) => z.mul(z).mul(z), [x])[1](tensor(1))[0];
    expect(jvp(slope, [tensor(2)], [tensor(1)])[1].item()).toBe(12);
  });

  it("works on empty tensors", () => {
    expectSameBits(vjp((x: Tensor) => x.mul(x).sum(), [zeros([0])])[1](tensor(1))[0], zeros([0]));
  });

  it("is an error that says so if a rule uses tangents in a way that is not linear", () => {
    const wrong = customJvp(
      (x: Tensor) => x.mul(2),
      ([x]: [Tensor], [dx]: [Tensor]) => [x.mul(2), dx.exp()] as const,
    );
    expectClose(jvp(wrong, [tensor(1)], [tensor(0)])[1], 1);
    const pull = vjp(wrong, [tensor(1)])[1];
    expect(() => pull(tensor(1))).toThrow('vjp: a jvp rule must be linear in its tangents, got "exp" of a tangent');
    const square = customJvp(
      (x: Tensor) => x.mul(2),
      ([x]: [Tensor], [dx]: [Tensor]) => [x.mul(2), dx.mul(dx)] as const,
    );
    expect(() => vjp(square, [tensor(1)])[1](tensor(1))).toThrow('got "mul" of two tangents');
  });
});
