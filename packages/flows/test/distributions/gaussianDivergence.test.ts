import { jvp } from "@pushforward/autodiff";
import { key, mean, squaredNorm, sub, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gaussian } from "../../src/distributions/gaussian.ts";
import { klDivergence, pathKl, scoreGap, velocityGap } from "../../src/distributions/gaussianDivergence.ts";
import { expectValues } from "../expectValues.ts";

const data = gaussian({ mean: 2, std: 0.5 });
const student = gaussian({ mean: 1, std: 0.8 });

/** Worked example: t, KL_t, V_t, F_t, dKL/dt. */
const table = [
  [0.1, 0.0061595878, 1.2292681868, 0.0151761505, 0.1365853541],
  [0.25, 0.0544863566, 1.7095343544, 0.1899482616, 0.5698447848],
  [0.5, 0.4202236547, 2.7974243902, 2.7974243902, 2.7974243902],
  [0.75, 1.5584314378, 1.8215384615, 16.3938461538, 5.4646153846],
  [0.9, 2.1937206784, 0.2730870238, 22.1200489301, 2.4577832142],
];

/** ∫₀¹ f by the composite Gauss–Legendre rule with two points, far from both ends. */
function integral(f: (t: Tensor) => Tensor, panels = 4000): number {
  const offset = 1 / (2 * Math.sqrt(3));
  const ts = Array.from({ length: 2 * panels }, (_, i) => {
    const middle = (Math.floor(i / 2) + 0.5) / panels;
    return [middle + ((i % 2 === 0 ? -1 : 1) * offset) / panels];
  });
  return mean(f(tensor(ts))).item();
}

const ofTime = (t: Tensor): Tensor => t.squeeze(1);

describe("divergences of two Gaussian paths", () => {
  it.each(table)("have the known values at t = %f", (t, kl, velocity, score, slope) => {
    expect(pathKl(student, data, t).item()).toBeCloseTo(kl, 9);
    expect(velocityGap(student, data, t).item()).toBeCloseTo(velocity, 9);
    expect(scoreGap(student, data, t).item()).toBeCloseTo(score, 9);
    const [, dKl] = jvp((time: Tensor) => pathKl(student, data, time), [tensor(t)], [tensor(1)]);
    expect(dKl.item()).toBeCloseTo(slope, 9);
    // d KL/dt = t/(1 − t)·V = (1 − t)/t·F
    expect((t / (1 - t)) * velocity).toBeCloseTo(slope, 8);
    expect(((1 - t) / t) * score).toBeCloseTo(slope, 8);
  });

  it("have the known values at the data, and are not symmetric", () => {
    expect(klDivergence(student, data)).toBeCloseTo(2.3099963708, 10);
    expect(klDivergence(data, student)).toBeCloseTo(0.9465661292, 10);
    expect(velocityGap(student, data, 1).item()).toBeCloseTo(0, 14);
    expect(klDivergence(data, data)).toBeCloseTo(0, 14);
  });

  it("integrate to each other", () => {
    const kl = integral((t) => pathKl(student, data, t));
    expect(kl).toBeCloseTo(0.7979389717, 8);
    expect(integral((t) => ofTime(t).mul(velocityGap(student, data, t)))).toBeCloseTo(kl, 8);
    const fisher = (t: Tensor) =>
      sub(1, ofTime(t))
        .square()
        .div(ofTime(t))
        .mul(scoreGap(student, data, t));
    expect(integral(fisher)).toBeCloseTo(kl, 8);
    expect(integral((t) => velocityGap(student, data, t))).toBeCloseTo(1.7121679962, 8);
    expect(integral((t) => scoreGap(student, data, t))).toBeCloseTo(7.5555303319, 8);
    expect(
      integral((t) =>
        ofTime(t)
          .square()
          .mul(pathKl(student, data, t)),
      ),
    ).toBeCloseTo(0.5112967597, 8);
    // control: without its weight the velocity gap is another number
    expect(Math.abs(integral((t) => velocityGap(student, data, t)) - kl)).toBeGreaterThan(0.5);
  });

  it("are right in the plane, where covariances do not commute", () => {
    const plane = gaussian({
      mean: [1, -1],
      cov: [
        [1, 0.6],
        [0.6, 0.5],
      ],
    });
    const other = gaussian({
      mean: [0.5, -0.2],
      cov: [
        [0.64, 0],
        [0, 0.36],
      ],
    });
    expect(pathKl(other, plane, 0.5).item()).toBeCloseTo(0.4697156545, 9);
    expect(velocityGap(other, plane, 0.5).item()).toBeCloseTo(3.5740139921, 9);
    expect(klDivergence(other, plane)).toBeCloseTo(5.6259127469, 9);
    expect(integral((t) => pathKl(other, plane, t))).toBeCloseTo(1.4889431512, 7);
    expect(integral((t) => ofTime(t).mul(velocityGap(other, plane, t)))).toBeCloseTo(1.4889431512, 7);
  });

  it("are the expectations they stand for", () => {
    const t = 0.5;
    const points = student.marginal(t).sample(key(5), 40_000);
    const velocity = mean(squaredNorm(sub(student.velocity(points, t), data.velocity(points, t)))).item();
    expect(Math.abs(velocity - 2.7974243902)).toBeLessThan(0.03);
    const logRatio = mean(sub(student.logProb(points, t), data.logProb(points, t))).item();
    expect(Math.abs(logRatio - 0.4202236547)).toBeLessThan(0.02);
    // control: under the data's law the same gap has another mean
    const wrong = data.marginal(t).sample(key(5), 40_000);
    const other = mean(squaredNorm(sub(student.velocity(wrong, t), data.velocity(wrong, t)))).item();
    expect(Math.abs(other - 1.668)).toBeLessThan(0.03);
  });

  it("integrate over part of the time with the weight that belongs to it", () => {
    const end = 0.9;
    const upTo = (f: (t: Tensor) => Tensor) => end * integral((share) => f(share.mul(end)));
    const kl = upTo((t) => pathKl(student, data, t));
    expect(kl).toBeCloseTo(0.5706889659, 8);
    const gap = (t: Tensor) => ofTime(t).mul(velocityGap(student, data, t));
    expect(
      upTo((t) =>
        sub(end, ofTime(t))
          .div(sub(1, ofTime(t)))
          .mul(gap(t)),
      ),
    ).toBeCloseTo(kl, 8);
    // control: the weight of the whole time is wrong for a part of it
    expect(upTo(gap)).toBeCloseTo(0.7900610338, 8);
  });

  it("move with the student's mean and standard deviation as known", () => {
    const h = 1e-4;
    const slope = (f: (mean: number, std: number) => number) => [
      (f(1 + h, 0.8) - f(1 - h, 0.8)) / (2 * h),
      (f(1, 0.8 + h) - f(1, 0.8 - h)) / (2 * h),
    ];
    const [dMean, dStd] = slope((m, std) => pathKl(gaussian({ mean: m, std }), data, 0.6).item());
    expect(dMean).toBeCloseTo(-1.44, 7);
    expect(dStd).toBeCloseTo(0.4142950819, 7);
    const whole = slope((m, std) => integral((t) => pathKl(gaussian({ mean: m, std }), data, t), 1000));
    expect(whole[0]).toBeCloseTo(-1.4207360768, 6);
    expect(whole[1]).toBeCloseTo(0.5712791577, 6);
  });

  it("take one time per sample", () => {
    const ts = table.map(([t]) => [t]);
    expectValues(
      pathKl(student, data, tensor(ts)),
      table.map(([, kl]) => kl),
      1e-9,
    );
  });

  it("refuse different dimensions", () => {
    expect(() => klDivergence(data, gaussian({ mean: [0, 0] }))).toThrow(/same dimension, got 1 and 2/);
  });
});
