import { hessian, jvp, vjp } from "@pushforward/autodiff";
import { compile, key, mean, mul, ones, sub, type Tensor, tensor, variance } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gaussian } from "../../src/distributions/gaussian.ts";
import { expectValues, valuesOf } from "../expectValues.ts";

// worked examples A and B of the flow-matching literature's closed forms, to ten digits
const lineLaw = gaussian({ mean: 2, std: 0.5 });
const planeLaw = gaussian({
  mean: [1, -1],
  cov: [
    [1, 0.6],
    [0.6, 0.5],
  ],
});
const x = tensor([[0.7]]);
const xs = tensor([[0.54, -1.04]]);

describe("gaussian", () => {
  it("moves a point of the line as the closed form says", () => {
    expectValues(lineLaw.flowMap(x, 0.3, 0.8), [1.6624695048], 1e-10);
    expectValues(lineLaw.averageVelocity(x, 0.3, 0.8), [1.9249390095], 1e-10);
    expectValues(lineLaw.velocity(x, 0.3), [1.8780487805], 1e-10);
    expectValues(lineLaw.flowMap(tensor([[0.5]]), 0, 1), [2.25], 1e-14);
    expectValues(lineLaw.velocityVariance(0.3), [0.487804878], 1e-10);
  });

  it.each([
    ["float32", 1e15],
    ["float64", 1e150],
  ] as const)("has the log-density of a wide law far out, where squares overflow %s", (dtype, std) => {
    const law = gaussian({ mean: 0, std });
    const point = tensor([[1e6 * std]], { dtype }) as Tensor;
    expect(law.logProb(point).item() / -5e11).toBeCloseTo(1, 5);
    const [, slope] = jvp((y: Tensor) => law.logProb(y), [point], [ones([1, 1], { dtype })]);
    expect((slope.item() * std) / -1e6).toBeCloseTo(1, 5);
  });

  it("differentiates in x and along its own trajectory", () => {
    const [, J] = jvp((y: Tensor) => lineLaw.flowMap(y, 0.3, 0.8), [x], [ones([1, 1])]);
    expectValues(J, [0.6246950476], 1e-10);
    const v = lineLaw.velocity(x, 0.3);
    const [, dU] = jvp((y: Tensor, s: Tensor) => lineLaw.averageVelocity(y, s, 0.8), [x, tensor(0.3)], [v, tensor(1)]);
    expectValues(dU, [0.0937804581], 1e-10);
    expectValues(mul(mul(J, J), lineLaw.velocityVariance(0.3)), [0.1903628792], 1e-10);
  });

  it("moves a point of the plane as the closed form says", () => {
    expectValues(planeLaw.velocity(xs, 0.2), [0.5175198115, -0.0297279931], 1e-10);
    expectValues(planeLaw.score(xs, 0.2), [-0.5456200471, 1.2925680017], 1e-10);
    expectValues(planeLaw.flowMap(xs, 0.2, 0.7), [0.7678954213, -1.1502929007], 1e-10);
    expectValues(planeLaw.flowMap(xs, 0.2, 1), [0.9779827374, -1.435003725], 1e-10);
    expectValues(planeLaw.averageVelocity(xs, 0.2, 0.7), [0.4557908426, -0.2205858015], 1e-10);
    expectValues(planeLaw.flowMap(tensor([[0.3, -1.2]]), 0, 1), [0.7947570331, -1.5795475171], 1e-10);
    expect(
      planeLaw
        .marginal(0.2)
        .cov.flat()
        .map((c) => c.toFixed(12)),
    ).toEqual([0.68, 0.024, 0.024, 0.66].map((c) => c.toFixed(12)));
    const v = planeLaw.velocity(xs, 0.2);
    const [, dU] = jvp(
      (y: Tensor, s: Tensor) => planeLaw.averageVelocity(y, s, 0.7),
      [xs, tensor(0.2)],
      [v, tensor(1)],
    );
    expectValues(dU, [-0.1234579378, -0.3817156166], 1e-10);
  });

  it("is a semigroup to the last digits", () => {
    const twice = planeLaw.flowMap(planeLaw.flowMap(xs, 0.2, 0.45), 0.45, 0.7);
    expectValues(twice, valuesOf(planeLaw.flowMap(xs, 0.2, 0.7)), 2e-15);
  });

  it("has the velocity as average velocity where both times agree, and derivatives there", () => {
    const u = (s: number, t: number) => valuesOf(planeLaw.averageVelocity(xs, s, t));
    expectValues(planeLaw.velocity(xs, 0.4), u(0.4, 0.4), 1e-15);
    const [, slope] = jvp((t: Tensor) => planeLaw.averageVelocity(xs, 0.4, t), [tensor(0.4)], [tensor(1)]);
    const h = 1e-4;
    expectValues(
      slope,
      u(0.4, 0.4 + h).map((high, i) => (high - u(0.4, 0.4 - h)[i]) / (2 * h)),
      1e-6,
    );
  });

  it("scores are the gradients of log densities, and velocities integrate to them", () => {
    const points = tensor([
      [0.54, -1.04],
      [-1.2, 2.1],
    ]);
    const [, pullback] = vjp((y: Tensor) => planeLaw.logProb(y, 0.35), [points]);
    expectValues(pullback(ones([2]))[0], valuesOf(planeLaw.score(points, 0.35)), 1e-12);
    // v = (x + (1 − t)·s)/t, D = x + (1 − t)·v
    const [t, v] = [0.35, planeLaw.velocity(points, 0.35)];
    expectValues(points.add(planeLaw.score(points, t).mul(1 - t)).div(t), valuesOf(v), 1e-12);
    expectValues(points.add(v.mul(1 - t)), valuesOf(planeLaw.denoiser(points, t)), 1e-12);
  });

  it("takes one time per sample, plain points, and float32", () => {
    const points = tensor([
      [0.54, -1.04],
      [-1.2, 2.1],
    ]);
    const together = planeLaw.flowMap(points, tensor([[0.2], [0.6]]), tensor([[0.7], [0.1]]));
    const apart = [
      ...valuesOf(planeLaw.flowMap(points.slice([0, 1]), 0.2, 0.7)),
      ...valuesOf(planeLaw.flowMap(points.slice([1, 2]), 0.6, 0.1)),
    ];
    expectValues(together, apart, 1e-15);
    expectValues(planeLaw.velocity(tensor([0.54, -1.04]), 0.2), valuesOf(planeLaw.velocity(xs, 0.2)), 1e-15);
    expectValues(planeLaw.logProb(tensor([0.54, -1.04])), valuesOf(planeLaw.logProb(xs)), 1e-15);
    const single = planeLaw.flowMap(xs.cast("float32"), 0.2, 0.7);
    expect(single.dtype).toBe("float32");
    expectValues(single, [0.7678954213, -1.1502929007], 1e-6);
  });

  it("samples with its mean and covariance, the same for the same key", () => {
    const sample = planeLaw.sample(key(1), 40_000);
    expectValues(mean(sample, 0), [1, -1], 0.02);
    expectValues(variance(sample, 0), [1, 0.5], 0.02);
    const [a, b] = sub(sample, mean(sample, 0)).split(2, 1);
    expectValues(mean(mul(a, b)), [0.6], 0.02);
    expect(valuesOf(planeLaw.sample(key(1), 3))).toEqual(valuesOf(planeLaw.sample(key(1), 3)));
    expect(planeLaw.sample(key(1), 3, { dtype: "float32" }).dtype).toBe("float32");
  });

  it("the log density integrates to one", () => {
    const grid = tensor(Array.from({ length: 2001 }, (_, i) => [-8 + i * 0.01]));
    expect(lineLaw.logProb(grid, 0.6).exp().sum().mul(0.01).item()).toBeCloseTo(1, 12);
  });

  it("compiles and nests: second derivatives of the map vanish in x", () => {
    const compiled = compile((y: Tensor) => planeLaw.flowMap(y, 0.2, 0.7));
    expectValues(compiled(xs), valuesOf(planeLaw.flowMap(xs, 0.2, 0.7)), 1e-15);
    const second = hessian((y: Tensor) => planeLaw.flowMap(y, 0.2, 0.7).sum())(xs);
    expectValues(second as typeof xs, [0, 0, 0, 0], 1e-14);
  });

  it("a wrong covariance would be caught", () => {
    const wrong = gaussian({ mean: [1, -1], std: [1, Math.sqrt(0.5)] });
    const gap = sub(wrong.flowMap(xs, 0.2, 0.7), planeLaw.flowMap(xs, 0.2, 0.7))
      .abs()
      .max()
      .item();
    expect(gap).toBeGreaterThan(1e-2);
  });

  it("says what is wrong with its parameters and points", () => {
    expect(() =>
      gaussian({
        mean: [0, 0],
        cov: [
          [1, 2],
          [2, 1],
        ],
      }),
    ).toThrow(/positive definite, its smallest eigenvalue is -1/);
    expect(() =>
      gaussian({
        mean: [0, 0],
        cov: [
          [1, 2],
          [3, 1],
        ],
      }),
    ).toThrow(/symmetric, got 2 at \[0, 1\] and 3/);
    expect(() => gaussian({ mean: [0, 0], std: [1] })).toThrow(
      "gaussian: std must have one entry per coordinate of the mean, got 1 for 2",
    );
    expect(() => gaussian({ mean: 0, std: 0 })).toThrow(/use pointMass/);
    expect(() => gaussian({ mean: Number.NaN })).toThrow(/the mean must be finite/);
    expect(() => gaussian({ mean: 0, std: 1, cov: [[1]] })).toThrow(/either cov or std/);
    expect(() => planeLaw.velocity(tensor([[1, 2, 3]]), 0)).toThrow(
      "gaussian.velocity: x must be [batch, 2], got [1, 3]; the last axis holds the 2 coordinates",
    );
    expect(() => lineLaw.velocity(tensor([1, 2]), 0)).toThrow(/use reshape\(x, \[-1, 1\]\)/);
    expect(() => lineLaw.sample(key(0), 1.5)).toThrow(/whole number ≥ 0, got 1.5/);
  });
});
