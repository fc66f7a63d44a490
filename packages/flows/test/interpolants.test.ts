import { jvp } from "@pushforward/autodiff";
import { sub, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gaussian } from "../src/distributions/gaussian.ts";
import { integrate } from "../src/integrate.ts";
import {
  conditionalVelocity,
  edm,
  fromLinearPath,
  type Interpolant,
  interpolants,
  interpolate,
  linearTime,
  toLinearPath,
  trigFlow,
  velocityFromPath,
  velocityOnPath,
} from "../src/interpolants.ts";
import { expectValues, valuesOf } from "./expectValues.ts";

const paths: [string, Interpolant][] = [...Object.entries(interpolants), ["trigFlow(0.5)", trigFlow(0.5)]];
const times = tensor([[0.05], [0.3], [0.5], [0.85], [0.99]]);
const noise = tensor([[0.3, -1.2]]);
const data = tensor([[1.5, -0.4]]);

describe("interpolants", () => {
  it.each(paths)("%s states the derivatives of its coefficients", (_, path) => {
    for (const [f, df] of [
      [path.alpha, path.dAlpha],
      [path.sigma, path.dSigma],
    ]) {
      const [, slope] = jvp((t: Tensor) => f(t), [times], [tensor([[1], [1], [1], [1], [1]])]);
      expectValues(slope, valuesOf(df(times)), 1e-12 * Math.max(1, ...valuesOf(df(times)).map(Math.abs)));
    }
  });

  it.each(paths)("%s finds its own clock from the linear time, and back", (_, path) => {
    expectValues(linearTime(path, path.fromLinearTime(times)), valuesOf(times), 1e-14);
  });

  it.each(paths)("%s ends at the data and runs away from the noise", (_, path) => {
    expectValues(interpolate(noise, data, 1, path), valuesOf(data), 1e-15);
    const shares = valuesOf(linearTime(path, times));
    expect(shares.every((share, i) => i === 0 || share > shares[i - 1])).toBe(true);
  });

  it.each(paths)("%s: its point is the linear point, scaled, and goes back", (_, path) => {
    const y = interpolate(noise, data, 0.4, path);
    const [x, t] = toLinearPath(path, y, 0.4);
    expectValues(x, valuesOf(interpolate(noise, data, t)), 1e-14);
    const [again, tau] = fromLinearPath(path, x, t);
    expectValues(again, valuesOf(y), 1e-13);
    expect(tau.item()).toBeCloseTo(0.4, 13);
  });

  it.each(paths)("%s: velocities of one point go over into each other", (_, path) => {
    // for one pair of noise and data the velocity of the linear path is data − noise everywhere on it
    const onPath = velocityOnPath(path, () => sub(data, noise));
    const y = interpolate(noise, data, 0.4, path);
    expectValues(onPath(y, 0.4), valuesOf(conditionalVelocity(noise, data, 0.4, path)), 1e-12);
    const law = gaussian({ mean: [1, -1], std: [1, 0.7] });
    const back = velocityFromPath(path, velocityOnPath(path, law.velocity));
    expectValues(back(noise, 0.6), valuesOf(law.velocity(noise, 0.6)), 1e-12);
  });

  it.each(paths)("%s: its own ODE leads where the linear one leads", (_, path) => {
    const law = gaussian({ mean: [1, -1], std: [1, 0.7] });
    const [start, end] = [0.2, 0.8];
    const y = tensor([[0.4, 0.9]]);
    const solved = integrate(velocityOnPath(path, law.velocity), y, start, end, { tolerance: 1e-10 });
    const [x, t] = toLinearPath(path, y, start);
    const [expected] = fromLinearPath(path, law.flowMap(x, t, linearTime(path, end)), linearTime(path, end));
    expectValues(solved, valuesOf(expected), 1e-7);
    // control: with the linear clock it ends elsewhere
    if (path.name !== "linear") {
      expect(
        sub(solved, law.flowMap(y, start, end))
          .abs()
          .max()
          .item(),
      ).toBeGreaterThan(1e-3);
    }
  });

  it("variance preserving and trigonometric paths keep α² + σ² = 1", () => {
    for (const path of [interpolants.variancePreserving, interpolants.trigonometric]) {
      expectValues(path.alpha(times).square().add(path.sigma(times).square()), [1, 1, 1, 1, 1], 1e-15);
    }
  });

  it("EDM's t = 1/(1 + σ) maps the usual noise levels to [0.01235, 0.998]", () => {
    expect(edm.sigma(1 / 81).item()).toBeCloseTo(80, 10);
    expect(edm.sigma(1 / 1.002).item()).toBeCloseTo(0.002, 12);
  });

  it("TrigFlow's angle and time agree: tan τ = (1 − t)/(t·σ_d)", () => {
    const [angle, sigmaData] = [0.9, 0.5];
    const t = linearTime(trigFlow(sigmaData), 1 - angle / (Math.PI / 2)).item();
    expect(Math.tan(angle)).toBeCloseTo((1 - t) / (t * sigmaData), 12);
    // the published point x_τ = cos τ·x + sin τ·z with z = σ_d·noise
    const point = interpolate(noise, data, 1 - angle / (Math.PI / 2), trigFlow(sigmaData));
    expectValues(point, [1.0499139889, -0.7186401331], 1e-10);
  });
});
