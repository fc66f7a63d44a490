import { vjp } from "@pushforward/autodiff";
import { key, less, mean, ones, sub, tensor, variance } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gaussian } from "../../src/distributions/gaussian.ts";
import { gaussianMixture } from "../../src/distributions/gaussianMixture.ts";
import { integrate } from "../../src/integrate.ts";
import { expectValues, valuesOf } from "../expectValues.ts";

const line = gaussianMixture({ weights: [0.3, 0.7], means: [-2, 1.5], stds: [0.4, 0.6] });
const plane = gaussianMixture({
  weights: [1, 2, 1],
  means: [
    [-1, 0],
    [1, 1],
    [0, -2],
  ],
  covs: [
    [
      [0.5, 0.2],
      [0.2, 0.3],
    ],
    [
      [0.2, 0],
      [0, 0.6],
    ],
    [
      [0.4, -0.1],
      [-0.1, 0.1],
    ],
  ],
});
const points = tensor([
  [0.3, -0.8],
  [-1.4, 0.9],
  [2, 2],
]);

describe("gaussianMixture", () => {
  it.each([
    [0.2, 0.3, 0.8336777988, 0.0715761995],
    [0.2, 0.8, 1.174380518, 3.6975220722],
    [-1, 0.5, -1.8800951707, 0.1199048293],
    [0.4, 0, 0.05, -0.4],
  ])("has the known velocity and score at x = %f, t = %f", (x, t, velocity, score) => {
    expectValues(line.velocity(tensor([[x]]), t), [velocity], 1e-9);
    expectValues(line.score(tensor([[x]]), t), [score], 1e-9);
  });

  it("scores are the gradients of log densities, also for full covariances", () => {
    const [, pullback] = vjp((x) => plane.logProb(x, 0.6), [points]);
    expectValues(pullback(ones([3]))[0], valuesOf(plane.score(points, 0.6)), 1e-12);
  });

  it("velocity, score and denoiser say the same", () => {
    const t = 0.6;
    const v = plane.velocity(points, t);
    expectValues(points.add(plane.score(points, t).mul(1 - t)).div(t), valuesOf(v), 1e-12);
    expectValues(points.add(v.mul(1 - t)), valuesOf(plane.denoiser(points, t)), 1e-12);
    // control: half a time later they do not
    expect(sub(plane.velocity(points, 0.9), v).abs().max().item()).toBeGreaterThan(0.1);
  });

  it("of one component is that Gaussian", () => {
    const cov = [
      [1, 0.6],
      [0.6, 0.5],
    ];
    const alone = gaussianMixture({ means: [[1, -1]], covs: [cov] });
    const law = gaussian({ mean: [1, -1], cov });
    expectValues(alone.velocity(points, 0.3), valuesOf(law.velocity(points, 0.3)), 1e-14);
    expectValues(alone.logProb(points, 0.3), valuesOf(law.logProb(points, 0.3)), 1e-13);
  });

  it("takes one time per sample and single points", () => {
    const ts = [0.1, 0.5, 0.9];
    const apart = ts.flatMap((t, i) => valuesOf(plane.velocity(points.slice([i, i + 1]), t)));
    expectValues(plane.velocity(points, tensor(ts.map((t) => [t]))), apart, 1e-14);
    expectValues(plane.velocity(points.slice(0), 0.1), apart.slice(0, 2), 1e-14);
    expect(plane.logProb(points.slice(0)).shape).toEqual([]);
    expect(plane.velocity(points.cast("float32"), 0.5).dtype).toBe("float32");
  });

  it("stays finite where every component is far away", () => {
    const far = plane.velocity(tensor([[1e3, -1e3]]), 0.99);
    expect(valuesOf(far).every(Number.isFinite)).toBe(true);
  });

  it("samples with the right mean, variance and shares", () => {
    const sample = line.sample(key(3), 40_000);
    expectValues(mean(sample), [0.3 * -2 + 0.7 * 1.5], 0.03);
    const second = 0.3 * (4 + 0.16) + 0.7 * (2.25 + 0.36);
    expectValues(variance(sample), [second - 0.45 ** 2], 0.05);
    expectValues(mean(less(sample, -0.5).cast("float64")), [0.3], 0.01);
    const [x, y] = plane.sample(key(4), 40_000).split(2, 1);
    expectValues(mean(x), [0.25], 0.02);
    expectValues(mean(y), [0], 0.03);
  });

  it("its velocity carries the law: noise moved along it has the data's moments", () => {
    const noise = gaussian({ mean: [0, 0] }).sample(key(8), 2000);
    const moved = integrate(plane.velocity, noise, 0, 1, { solver: "rk4", steps: 40 });
    expectValues(mean(moved, 0), [0.25, 0], 0.06);
  });

  it("says what is wrong with its parameters", () => {
    expect(() => gaussianMixture({ means: [] })).toThrow(/at least one component/);
    expect(() => gaussianMixture({ means: [0, 1], weights: [1] })).toThrow(/one entry per component, got 1 for 2/);
    expect(() => gaussianMixture({ means: [0, 1], weights: [1, 0] })).toThrow(
      /positive and finite, got 0 at component 1/,
    );
    expect(() => gaussianMixture({ means: [[0], [1, 2]] })).toThrow(/equal lengths, got 1 and 2/);
    expect(() => gaussianMixture({ means: [0, 1], stds: [1] })).toThrow(/stds must have one entry per component/);
    expect(() => line.velocity(points, 0.5)).toThrow(/gaussianMixture.velocity: x must be \[batch, 1\]/);
  });
});
