import { valueAndGrad } from "@pushforward/autodiff";
import { mean, square, sub, sum, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type AnyLoss, losses } from "../src/index.ts";
import { type Input, inputOf, samples } from "./support/conformance.ts";
import { goldenParams, law, type TanhParams, tanhModel } from "./support/goldenProblem.ts";

// Rows 15 and 16 of losses.md §5, sample by sample: gradients in all parameters of the tanh model, ψ another network.

type HasLoss = Pick<AnyLoss, "loss">;
const weightedBy = (loss: HasLoss, weight: (input: Input) => Tensor): HasLoss => ({
  loss: (input) => loss.loss(input).mul(weight(input)),
});

/** Gradient of Σ loss as one list. */
function gradientOf(loss: HasLoss, change: Partial<Input> = {}): number[] {
  const f = (params: TanhParams): Tensor => sum(loss.loss({ ...inputOf(tanhModel(params)), ...change }));
  const [, { A, b, c, d }] = valueAndGrad(f)(goldenParams);
  return [A, b, c, d].flatMap((x) => [...x.dataSync()]);
}

/** Largest difference relative to the largest number. */
function difference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...b.map((value, i) => Math.abs(a[i] - value))) / Math.max(...b.map(Math.abs));
}

/** The times t of the samples, [batch]. */
const t = samples.t.reshape([-1]);

/** mean|X − D_φ(X_t)| at the parameters of the tests, [batch]. */
function distances(): Tensor {
  const { xs, s, freshNoise } = samples;
  const X = xs.add(sub(1, s).mul(tanhModel(goldenParams)(xs, s, tensor(1))));
  const xt = samples.t.mul(X).add(sub(1, samples.t).mul(freshNoise));
  return mean(X.sub(law.denoiser(xt, samples.t)).abs(), -1);
}

describe("15: weights and normalisations", () => {
  it("SwiftBrush is VSD, with the mean over coordinates", () => {
    const halved = weightedBy(losses.vsd, () => tensor(0.5));
    expect(difference(gradientOf(losses.swiftBrush), gradientOf(halved))).toBeLessThan(1e-14);
    expect(difference(gradientOf(losses.swiftBrush), gradientOf(losses.diffInstruct))).toBeGreaterThan(0.1);
  });

  it("DMD is Diff-Instruct over the mean distance, with the mean over coordinates", () => {
    const normalized = weightedBy(losses.diffInstruct, () => tensor(0.5).div(distances()));
    expect(difference(gradientOf(losses.dmd), gradientOf(normalized))).toBeLessThan(1e-13);
    expect(difference(gradientOf(losses.dmd), gradientOf(losses.diffInstruct))).toBeGreaterThan(0.1);
  });

  it("SiD with α = ½ is velocity matching, before its weight", () => {
    const matching = weightedBy(losses.velocityMatching, () => square(sub(1, t)).mul(0.5).div(distances()));
    expect(difference(gradientOf(losses.sidHalf), gradientOf(matching))).toBeLessThan(1e-13);
    expect(difference(gradientOf(losses.sidOne), gradientOf(matching))).toBeGreaterThan(0.1);
  });
});

describe("16: families", () => {
  it("f-distill with reverse KL is DMD, and so is DMD2 without its recipe", () => {
    expect(difference(gradientOf(losses.fDistillReverseKl), gradientOf(losses.dmd))).toBeLessThan(1e-14);
    expect(difference(gradientOf(losses.dmd2), gradientOf(losses.dmd))).toBe(0);
    expect(difference(gradientOf(losses.fDistill), gradientOf(losses.dmd))).toBeGreaterThan(0.01);
  });

  it("at ratio 1 every f-distill is a multiple of DMD, and with weights over the batch's mean DMD itself", () => {
    const [one, over] = [(x: Tensor) => sum(x.mul(0), -1).add(1), (h: Tensor) => h.div(mean(h))];
    const names = ["fDistill", "fDistillForwardKl", "fDistillHellinger", "fDistillJeffreys", "fDistillNeyman"] as const;
    for (const name of [...names, "fDistillSoftened"] as const) {
      const got = gradientOf(losses[name], { ratio: one, normalize: over });
      expect(difference(got, gradientOf(losses.dmd))).toBeLessThan(1e-14);
    }
  });

  it("Uni-Instruct with reverse KL is twice SiD's form with α = ½, exactly, and SiD with α = 1 in practice", () => {
    const odds = (): Tensor => t.div(sub(1, t));
    const twice = weightedBy(losses.velocityMatching, odds);
    expect(difference(gradientOf(losses.uniInstructReverseKlExact), gradientOf(twice))).toBeLessThan(1e-13);
    expect(difference(gradientOf(losses.uniInstructReverseKl), gradientOf(losses.sidOne))).toBe(0);
    expect(difference(gradientOf(losses.uniInstruct), gradientOf(losses.sidOne))).toBeGreaterThan(0.01);
  });

  it("Uni-Instruct in practice adds up: Jeffreys is 0.4 of forward and 0.6 of reverse KL", () => {
    const [forward, reverse] = [losses.uniInstruct, losses.uniInstructReverseKl].map((loss) => gradientOf(loss));
    const mixed = forward.map((x, i) => 0.4 * x + 0.6 * reverse[i]);
    expect(difference(gradientOf(losses.uniInstructJeffreys), mixed)).toBeLessThan(1e-13);
    expect(difference(forward, mixed)).toBeGreaterThan(1e-3);
  });

  it("CoSIM from noise is SiD, if ψ does not receive the start time", () => {
    const fromNoise: Partial<Input> = {
      s: 0,
      xs: samples.noise,
      fakeVelocity: (x, end) => law.velocity(x, end).mul(0.9),
    };
    expect(difference(gradientOf(losses.cosim, fromNoise), gradientOf(losses.sid, fromNoise))).toBe(0);
    const told: Partial<Input> = { fakeVelocity: (x, end, start) => law.velocity(x, end).mul(start) };
    const deaf: Partial<Input> = { fakeVelocity: (x, end) => law.velocity(x, end).mul(0.5) };
    expect(difference(gradientOf(losses.cosim, told), gradientOf(losses.cosim, deaf))).toBeGreaterThan(0.1);
  });
});
