import { registerTreeClass, sin, type Tensor, tensor, trace, zeros } from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { jvp, vmap } from "../src/index.ts";

describe("jvp", () => {
  it("returns the value and the directional derivative", () => {
    const [out, dOut] = jvp((x: Tensor) => x.sin(), [tensor([0, 1])], [tensor([2, 3])]);
    expectSameBits(out, [0, Math.sin(1)]);
    expectClose(dOut, [2, 3 * Math.cos(1)], { ulp: 2 });
  });

  it("adds what every argument contributes: d(x·y) = y dx + x dy", () => {
    const f = (x: Tensor, y: Tensor) => x.mul(y);
    expectSameBits(jvp(f, [tensor(3), tensor(5)], [tensor(7), tensor(11)])[1], 5 * 7 + 3 * 11);
  });

  it("takes null for an argument that stands still, or for a whole tree of them", () => {
    const f = (p: { w: Tensor; b: Tensor }, x: Tensor) => p.w.mul(x).add(p.b);
    const point = { w: tensor(2), b: tensor(1) };
    expectSameBits(jvp(f, [point, tensor(3)], [null, tensor(1)])[1], 2);
    expectSameBits(jvp(f, [point, tensor(3)], [{ w: null, b: tensor(5) }, null])[1], 5);
    expectSameBits(jvp(f, [point, tensor(3)], [{ w: tensor(1), b: null }, null])[1], 3);
  });

  it("gives zeros for a result that no tangent reaches, and null for int32 and bool results", () => {
    const f = (x: Tensor) => ({ square: x.mul(x), order: x.argsort(), one: tensor([1, 1]), isBig: x.greater(1) });
    const [out, dOut] = jvp(f, [tensor([2, 1])], [tensor([1, 1])]);
    expectSameBits(dOut.square, [4, 2]);
    expectSameBits(dOut.one, [0, 0]);
    expect([dOut.order, dOut.isBig]).toEqual([null, null]);
    expect([out.order.dtype, out.isBig.dtype]).toEqual(["int32", "bool"]);
  });

  it("hands on aux without a tangent", () => {
    const f = (x: Tensor) => [x.mul(x), { seen: x.add(1), label: null }] as const;
    const [out, dOut, aux] = jvp(f, [tensor(3)], [tensor(1)], { hasAux: true });
    expect([out.item(), dOut.item(), aux.seen.item(), aux.label]).toEqual([9, 6, 4, null]);
  });

  it("treats numbers as weak: they take the dtype that they meet, and so do their tangents", () => {
    const x = tensor([1, 2], { dtype: "float32" });
    const [out, dOut] = jvp((s: number) => x.mul(s), [0.5], [2]);
    expect([out.dtype, dOut.dtype]).toEqual(["float32", "float32"]);
    expectSameBits(dOut, tensor([2, 4], { dtype: "float32" }));
  });

  it.each(["maximum", "minimum"] as const)("shares ties of %s without numbers of float64 beside float32", (name) => {
    const dtypesOf = (dtype: "float32" | "float64"): Set<string> => {
      const x = tensor([1, 2, 3], { dtype });
      const f = (x: Tensor): Tensor => x[name](2);
      expectSameBits(jvp(f, [x], [x])[1], tensor(name === "maximum" ? [0, 1, 3] : [1, 1, 0], { dtype }));
      return new Set(trace((x: Tensor) => jvp(f, [x], [x])[1])(x).equations.map(({ output }) => output.dtype));
    };
    expect([...dtypesOf("float32")].sort()).toEqual(["bool", "float32"]);
    expect([...dtypesOf("float64")].sort()).toEqual(["bool", "float64"]);
  });

  it("passes a value that is read as its primal: what was chosen by it counts as constant", () => {
    const f = (x: Tensor) => x.mul(x.item() > 2 ? 10 : 1);
    expect(jvp(f, [tensor(3)], [tensor(1)])[1].item()).toBe(10);
    expect(jvp(f, [tensor(1)], [tensor(1)])[1].item()).toBe(1);
    expect(jvp((x: Tensor) => x.mul(x.item()), [tensor(3)], [tensor(1)])[1].item()).toBe(3);
  });

  it("goes through registered classes", () => {
    class Pair {
      readonly a: Tensor;
      readonly b: Tensor;
      constructor(a: Tensor, b: Tensor) {
        this.a = a;
        this.b = b;
      }
    }
    registerTreeClass(Pair, {
      flatten: ({ a, b }) => ({ children: [a, b], aux: null }),
      unflatten: ([a, b]) => new Pair(a as Tensor, b as Tensor),
    });
    const swap = (p: Pair) => new Pair(p.b.mul(2), p.a);
    const [, dOut] = jvp(swap, [new Pair(tensor(1), tensor(2))], [new Pair(tensor(3), tensor(4))]);
    expect(dOut).toBeInstanceOf(Pair);
    expect([dOut.a.item(), dOut.b.item()]).toEqual([8, 3]);
    expect(jvp(swap, [new Pair(tensor(1), tensor(2))], [null])[1].a.item()).toBe(0);
  });

  it("works on 0-d and empty tensors", () => {
    expectSameBits(jvp((x: Tensor) => x.mul(x).sum(0), [zeros([0, 2])], [zeros([0, 2])])[1], [0, 0]);
    expectSameBits(jvp(sin, [tensor(0)], [tensor(1)])[1], 1);
  });

  it("keeps nested derivatives apart: d/dx [x · d/dy (x + y)] = 1, not 2", () => {
    const inner = (x: Tensor) => jvp((y: Tensor) => x.add(y), [tensor(1)], [tensor(1)])[1];
    expect(jvp((x: Tensor) => x.mul(inner(x)), [tensor(1)], [tensor(1)])[1].item()).toBe(1);
    // The same direction object in both levels, and an inner function that returns the outer variable alone.
    const one = tensor(1);
    expect(jvp((x: Tensor) => jvp((_: Tensor) => x, [one], [one])[1], [one], [one])[0].item()).toBe(0);
  });

  it("maps over tangents alone", () => {
    const push = (dx: Tensor) => jvp((x: Tensor) => x.mul(x), [tensor([1, 2])], [dx])[1];
    expectSameBits(
      vmap(push)(
        tensor([
          [1, 0],
          [0, 1],
          [1, 1],
        ]),
      ),
      [
        [2, 0],
        [0, 4],
        [2, 4],
      ],
    );
  });
});

describe("jvp with tangentGrad: false", () => {
  const f = (x: Tensor) => x.mul(x).mul(x);

  it("has the same value and tangent", () => {
    const [out, dOut] = jvp(f, [tensor(2)], [tensor(1)], { tangentGrad: false });
    expect([out.item(), dOut.item()]).toEqual([8, 12]);
  });

  it("lets no derivative through the tangent, and through the value as ever", () => {
    const both = (tangentGrad: boolean) => (x: Tensor) => {
      const [out, dOut] = jvp(f, [x], [tensor(1)], { tangentGrad });
      return out.mul(dOut);
    };
    // out·dOut = x³·3x²: 15x⁴ with both, 3x²·3x² with the tangent held.
    expect(jvp(both(true), [tensor(2)], [tensor(1)])[1].item()).toBe(15 * 16);
    expect(jvp(both(false), [tensor(2)], [tensor(1)])[1].item()).toBe(9 * 16);
  });
});
