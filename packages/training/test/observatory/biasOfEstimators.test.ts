import type { Recipe } from "@pushforward/losses";
import { compile, flatten, key, type Tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { squaredBias } from "../../src/observatory/batchGradients.ts";
import { type Affine, skewed, zero } from "./support/affineNetwork.ts";
import { averageGain, mapGain, velocityVariance } from "./support/diagonalGaussian.ts";
import { affineTrainer, observing } from "./support/observing.ts";
import { flowMatchingWith, meanFlowWith } from "./support/smallRecipes.ts";

/** Observations with keys of their own, each of four batches. */
const observations = 150;

/** The mean of numbers over its standard error. */
function deviation(numbers: readonly number[]): number {
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const spread = numbers.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (numbers.length - 1);
  return mean / Math.sqrt(spread / numbers.length);
}

/** Squared biases of an estimator at a network around the exact average velocity, with and without the noise of the batches. */
function biases(recipe: Recipe, params: Affine, name: string): { bias: number[]; withNoise: number[] } {
  const trainer = affineTrainer(recipe, { params, base: "exact" });
  const measure = compile((random: Tensor) => {
    const { gradients, exact } = observing(trainer, random).batches();
    const errors = gradients[name].map((leaf, i) => leaf.sub(exact![i]).mean(0).square().sum());
    return [squaredBias(gradients[name], exact!), errors.reduce((sum, each) => sum.add(each))];
  });
  const all = Array.from({ length: observations }, (_, i) => measure(key(i)).map((x) => x.item()));
  return { bias: all.map(([each]) => each), withNoise: all.map(([, each]) => each) };
}

describe("the bias of an estimator", () => {
  it("is zero on average for flow matching with single samples, once the noise is subtracted", () => {
    const { bias, withNoise } = biases(flowMatchingWith("conditional"), skewed, "as trained");
    expect(Math.abs(deviation(bias))).toBeLessThan(4);
    // The control: batches are noisy, and the noise looks like a bias.
    expect(deviation(withNoise)).toBeGreaterThan(10);
  });

  it("is zero in every batch for flow matching with the exact velocity", () => {
    const { bias, withNoise } = biases(flowMatchingWith("conditional"), skewed, "exact v");
    for (const each of [...bias, ...withNoise]) expect(Math.abs(each)).toBeLessThan(1e-24);
  });

  it("is zero for MeanFlow at the exact map: with the exact velocity in every batch, with single samples on average", () => {
    for (const name of ["exact v", "without target, exact v"]) {
      const { bias, withNoise } = biases(meanFlowWith("conditional"), zero, name);
      for (const each of [...bias, ...withNoise]) expect(Math.abs(each), name).toBeLessThan(1e-20);
    }
    const { bias, withNoise } = biases(meanFlowWith("conditional"), zero, "as trained");
    expect(Math.abs(deviation(bias))).toBeLessThan(4);
    expect(deviation(withNoise)).toBeGreaterThan(10);
  });

  it("is not zero for MeanFlow without the stop, with single samples at the exact map", () => {
    expect(deviation(biases(meanFlowWith("conditional"), zero, "without target").bias)).toBeGreaterThan(10);
  });
});

/** E‖(I + h·∇ₓu)(v − E v)‖² given X_s, for ∇ₓu of the exact map plus a matrix: the variance that the residual of MeanFlow has. */
function residualVariance(s: number, t: number, matrix: readonly (readonly number[])[]): number {
  const h = t - s;
  const entry = (i: number, j: number): number => Number(i === j) * (1 + h * averageGain(i, s, t)) + h * matrix[i][j];
  return [0, 1].reduce(
    (sum, i) => sum + entry(i, 0) ** 2 * velocityVariance(0, s) + entry(i, 1) ** 2 * velocityVariance(1, s),
    0,
  );
}

/** Its gradient with respect to the matrix at zero, by central differences. */
const varianceGradient = (s: number, t: number): number[] =>
  Array.from({ length: 4 }, (_, entry) => {
    const at = (step: number): number =>
      residualVariance(
        s,
        t,
        [0, 1].map((i) => [0, 1].map((j) => (2 * i + j === entry ? step : 0))),
      );
    return (at(1e-3) - at(-1e-3)) / 2e-3;
  });

describe("MeanFlow without its stop, with single samples at the exact map", () => {
  it("has the gradient of the variance: 2h·√(S_t/S_s)·σ²/S_s for each diagonal entry", () => {
    for (const [s, t] of [
      [0.1, 0.9],
      [0.5, 0.6],
      [0.3, 0.3],
    ]) {
      const wanted = [0, 1].map((i) => 2 * (t - s) * mapGain(i, s, t) * velocityVariance(i, s));
      const found = varianceGradient(s, t);
      for (const [i, each] of [wanted[0], 0, 0, wanted[1]].entries()) expect(found[i]).toBeCloseTo(each, 9);
    }
  });

  it("has this gradient on average over keys, entry by entry", () => {
    const trainer = affineTrainer(meanFlowWith("conditional"), { params: zero, base: "exact" });
    const leaf = flatten(trainer.initial.params).paths.indexOf("matrix");
    const measure = compile((random: Tensor) => {
      const { gradients, terms } = observing(trainer, random).batches();
      const { s, t } = terms[0];
      return { s, t, free: gradients["without target"][leaf].mean(0), stopped: gradients["as trained"][leaf].mean(0) };
    });
    const all = Array.from({ length: observations }, (_, i) => {
      const { s, t, free, stopped } = measure(key(i));
      const [starts, ends] = [s, t].map((x) => [...x.dataSync()]);
      const expected = starts.map((start, row) => varianceGradient(start, ends[row]));
      const mean = [0, 1, 2, 3].map((e) => expected.reduce((sum, each) => sum + each[e], 0) / expected.length);
      return { mean, free: [...free.dataSync()], stopped: [...stopped.dataSync()] };
    });
    for (const entry of [0, 1, 2, 3]) {
      expect(Math.abs(deviation(all.map(({ free, mean }) => free[entry] - mean[entry])))).toBeLessThan(4);
      expect(Math.abs(deviation(all.map(({ stopped }) => stopped[entry])))).toBeLessThan(4);
    }
    // The control: the stop changes the diagonal entries, and half of the gradient would be too little.
    for (const entry of [0, 3]) {
      expect(deviation(all.map(({ free }) => free[entry]))).toBeGreaterThan(10);
      expect(deviation(all.map(({ free, mean }) => free[entry] - mean[entry] / 2))).toBeGreaterThan(4);
    }
  });
});
