import { type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { checkpoint, explain, grad, stopGradient, vmap } from "../src/index.ts";

describe("explain", () => {
  it("tells, label by label, what was cut and how the gradient would turn", () => {
    // x·sg(x)·sg(y)²: written ∂ = (x·y², 0); without a: (2x·y², 0); without b: (x·y², 2x²·y).
    const f = (x: Tensor, y: Tensor) => x.mul(stopGradient(x, "a")).mul(stopGradient(y, "b")).mul(stopGradient(y, "b"));
    const { value, labels } = explain(f)(tensor(2), tensor(3));
    expect(value).toBe(36);
    expect(Object.keys(labels)).toEqual(["a", "b"]);
    expect(labels.a).toEqual({ sites: 1, cutNorm: 18, normWith: 18, normWithout: 36, cosine: 1 });
    expect(labels.b.sites).toBe(2);
    // At each of the two places x²·y = 12 is cut.
    expect(labels.b.cutNorm).toBeCloseTo(Math.hypot(12, 12), 12);
    expect(labels.b.normWithout).toBeCloseTo(Math.hypot(18, 24), 12);
    expect(labels.b.cosine).toBeCloseTo(18 / Math.hypot(18, 24), 12);
  });

  it("agrees with the gradients it speaks of", () => {
    const f = (x: Tensor) => x.exp().mul(stopGradient(x.sin(), "s")).sum();
    const x = tensor([0.3, -0.8]);
    const norm = (g: Tensor) => Math.hypot(...g.dataSync());
    const { labels } = explain(f)(x);
    expect(labels.s.normWith).toBeCloseTo(norm(grad(f)(x)), 12);
    expect(labels.s.normWithout).toBeCloseTo(norm(grad((x: Tensor) => x.exp().mul(x.sin()).sum())(x)), 12);
    expect(labels.s.cutNorm).toBeCloseTo(norm(x.exp()), 12);
  });

  it("looks through vmap and nested derivatives, and takes trees", () => {
    const f = (p: { w: Tensor }, x: Tensor) =>
      vmap((row: Tensor) => row.mul(stopGradient(p.w, "teacher")).sum().add(p.w.sum()))(x).sum();
    const { labels } = explain(f)(
      { w: tensor([1, 2]) },
      tensor([
        [3, 4],
        [5, 6],
      ]),
    );
    expect(labels.teacher.cutNorm).toBeCloseTo(Math.hypot(8, 10), 12);
  });

  it("sees through a checkpoint as if it were not there", () => {
    const f = (x: Tensor) => x.exp().mul(stopGradient(x.sin(), "s")).sum();
    const x = tensor([0.3, -0.8]);
    expect(explain(checkpoint(f))(x)).toEqual(explain(f)(x));
  });

  it("has NaN for the angle with a gradient that is zero, and nothing without stops", () => {
    expect(explain((x: Tensor) => stopGradient(x, "all"))(tensor(1)).labels.all.cosine).toBe(Number.NaN);
    expect(explain((x: Tensor) => x.mul(x))(tensor(2))).toEqual({ value: 4, labels: {}, reads: [] });
  });
});
