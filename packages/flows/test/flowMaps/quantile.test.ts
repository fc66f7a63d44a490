import { grad, jvp, vjp } from "@pushforward/autodiff";
import { compile, key, mul, normal, ones, onesLike, sub, sum, type Tensor, tensor, uniform } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gaussian } from "../../src/distributions/gaussian.ts";
import { gaussianMixture } from "../../src/distributions/gaussianMixture.ts";
import { quantileFlow } from "../../src/flowMaps/quantile.ts";
import { integrate } from "../../src/integrate.ts";
import { expectValues, valuesOf } from "../expectValues.ts";

const mixture = gaussianMixture({ weights: [0.3, 0.7], means: [-2, 1.5], stds: [0.4, 0.6] });
const flow = quantileFlow(mixture);
const x = normal(key(1), [40, 1]);
const s = uniform(key(2), [40, 1]);
const t = uniform(key(3), [40, 1]);

describe("quantileFlow", () => {
  it.each([
    [0.5, 0, 1, 1.5894135409],
    [-0.7, 0, 1, -1.6539056421],
    [0.2, 0.3, 0.8, 0.9406848843],
    [-1, 0, 0.5, -0.966149245],
  ])("moves %f from %f to %f as known", (point, from, to, expected) => {
    expectValues(flow.flowMap(tensor([[point]]), from, to), [expected], 1e-10);
  });

  it("is what solving the ODE gives", () => {
    expectValues(flow.flowMap(x, s, t), valuesOf(integrate(mixture.velocity, x, s, t, { tolerance: 1e-10 })), 1e-7);
  });

  it("of one component is the Gaussian's map, also far out", () => {
    const law = gaussian({ mean: 2, std: 0.5 });
    const alone = quantileFlow(gaussianMixture({ means: [2], stds: 0.5 }));
    const far = tensor([[-30], [-5], [0.7], [12]]);
    expectValues(alone.flowMap(far, 0.3, 0.8), valuesOf(law.flowMap(far, 0.3, 0.8)), 1e-13);
  });

  it("keeps its digits in both tails: there and back again, and a mirrored mixture mirrors", () => {
    const even = quantileFlow(gaussianMixture({ means: [-1, 1], stds: 0.7 }));
    const out = tensor([[5], [9], [20], [-5], [-9], [-20]]);
    const moved = even.flowMap(out, 0.2, 0.9);
    expectValues(even.flowMap(moved, 0.9, 0.2), valuesOf(out), 1e-11);
    const [right, left] = [valuesOf(moved).slice(0, 3), valuesOf(moved).slice(3)];
    expect(left).toEqual(right.map((value) => expect.closeTo(-value, 11)));
  });

  it("follows its velocity forwards in t and backwards in s", () => {
    const [y, slope] = jvp((end: Tensor) => flow.flowMap(x, s, end), [t], [onesLike(t)]);
    expectValues(slope, valuesOf(mixture.velocity(y, t)), 1e-12);
    const [, residual] = jvp(
      (point: Tensor, start: Tensor) => flow.flowMap(point, start, t),
      [x, s],
      [mixture.velocity(x, s), onesLike(s)],
    );
    expectValues(residual, new Array(40).fill(0), 1e-12);
  });

  it("states the derivative that differences of its values show", () => {
    const h = 1e-5;
    const [dx, ds, dt] = [normal(key(4), [40, 1]), normal(key(5), [40, 1]), normal(key(6), [40, 1])];
    const at = (side: number) =>
      flow.flowMap(x.add(dx.mul(side * h)), s.add(ds.mul(side * h)), t.add(dt.mul(side * h)));
    const [, tangent] = jvp((a: Tensor, b: Tensor, c: Tensor) => flow.flowMap(a, b, c), [x, s, t], [dx, ds, dt]);
    expectValues(tangent, valuesOf(sub(at(1), at(-1)).div(2 * h)), 1e-5);
    const ct = normal(key(7), [40, 1]);
    const [, pullback] = vjp((a: Tensor, b: Tensor, c: Tensor) => flow.flowMap(a, b, c), [x, s, t]);
    const [cx, cs, ctime] = pullback(ct) as Tensor[];
    const paired = sum(mul(cx, dx).add(mul(cs, ds)).add(mul(ctime, dt))).item();
    expect(paired).toBeCloseTo(sum(mul(ct, tangent)).item(), 9);
  });

  it("nests: the derivative of the derivative is the one that differences show", () => {
    const slope = (a: Tensor): Tensor => jvp((b: Tensor) => flow.flowMap(b, 0.1, 0.8), [a], [ones([1, 1])])[1];
    const at = 0.3;
    const [, second] = jvp(slope, [tensor([[at]])], [ones([1, 1])]);
    const h = 1e-4;
    const quotient = (slope(tensor([[at + h]])).item() - slope(tensor([[at - h]])).item()) / (2 * h);
    expect(second.item()).toBeCloseTo(quotient, 6);
    const reverse = grad((a: Tensor) => slope(a).sum())(tensor([[at]])) as Tensor;
    expect(reverse.item()).toBeCloseTo(second.item(), 12);
  });

  it("is a semigroup, invertible, and the identity at s = t", () => {
    const r = uniform(key(9), [40, 1]);
    const direct = valuesOf(flow.flowMap(x, s, t));
    expectValues(flow.flowMap(flow.flowMap(x, s, r), r, t), direct, 1e-10);
    expectValues(flow.flowMap(flow.flowMap(x, s, t), t, s), valuesOf(x), 1e-10);
    expectValues(flow.flowMap(x, s, s), valuesOf(x), 1e-15);
  });

  it("has an average velocity that is right for all distances of times", () => {
    const u = flow.averageVelocity(x, s, t);
    expectValues(x.add(sub(t, s).mul(u)), valuesOf(flow.flowMap(x, s, t)), 1e-13);
    const close = s.add(1e-3);
    expectValues(flow.averageVelocity(x, s, close).mul(1e-3), valuesOf(sub(flow.flowMap(x, s, close), x)), 1e-13);
    expectValues(flow.averageVelocity(x, s, s), valuesOf(mixture.velocity(x, s)), 1e-12);
  });

  it("works in float32 and compiles", () => {
    const float = flow.flowMap(x.cast("float32"), 0.1, 0.9);
    expect(float.dtype).toBe("float32");
    expectValues(float, valuesOf(flow.flowMap(x, 0.1, 0.9)), 1e-5);
    const compiled = compile((a: Tensor, b: Tensor) => flow.flowMap(a, 0.1, b));
    expectValues(compiled(x, tensor(0.9)), valuesOf(flow.flowMap(x, 0.1, 0.9)), 1e-14);
  });

  it("a map with the wrong weights would be caught", () => {
    const wrong = quantileFlow(gaussianMixture({ weights: [0.31, 0.69], means: [-2, 1.5], stds: [0.4, 0.6] }));
    const [y, slope] = jvp((end: Tensor) => wrong.flowMap(x, s, end), [t], [onesLike(t)]);
    expect(sub(slope, mixture.velocity(y, t)).abs().max().item()).toBeGreaterThan(1e-3);
  });

  it("exists in one dimension only", () => {
    expect(() => quantileFlow(gaussianMixture({ means: [[0, 0]] }))).toThrow(
      "quantileFlow: the mixture must be one-dimensional, got 2 dimensions; use solverFlowMap(mixture.velocity)",
    );
  });
});
