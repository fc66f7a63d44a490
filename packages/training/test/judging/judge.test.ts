import type { Tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { Judge } from "../../src/judging/judge.ts";
import type { Scores } from "../../src/judging/metrics.ts";
import { builtinProblems } from "../../src/problems/builtin.ts";

const judges = {
  gaussian: new Judge(builtinProblems.gaussian(), "float64"),
  moons: new Judge(builtinProblems.moons(), "float64"),
};
const keep = (noise: Tensor): Tensor => noise;

describe("Judge", () => {
  it("computes the metrics that a problem and the points of a candidate suffice for", () => {
    const { gaussian, moons } = judges;
    const some = ["oneStepError", "fourStepError", "energyDistance", "histogramKl"];
    const keysOf = (scores: Scores): string[] => Object.keys(scores).filter((name) => some.includes(name));
    expect(keysOf(gaussian.scores(keep))).toEqual(["oneStepError", "fourStepError", "energyDistance"]);
    expect(keysOf(gaussian.gaussianFit())).toEqual(["oneStepError", "energyDistance"]);
    expect(keysOf(gaussian.trainingPoints())).toEqual(["energyDistance"]);
    for (const scores of [moons.scores(keep), moons.gaussianFit(), moons.trainingPoints()]) {
      expect(keysOf(scores)).toEqual(["energyDistance", "histogramKl"]);
    }
  });

  it("gives NaN for each of these metrics to a training that diverged", () => {
    for (const judge of Object.values(judges)) {
      const scores = judge.divergedScores();
      expect(Object.keys(scores)).toEqual(Object.keys(judge.scores(keep)));
      expect(Object.values(scores).every(Number.isNaN)).toBe(true);
    }
  });

  it("asks a sampler once for each set of points", () => {
    const calls: string[] = [];
    judges.gaussian.scores((noise, steps) => {
      calls.push(`${noise.shape[0]} rows in ${steps}`);
      return noise;
    });
    expect(calls.sort()).toEqual(["1000 rows in 1", "1000 rows in 4", "2000 rows in 1"]);
  });

  it("judges given samples in the place of those of one step", () => {
    const { moons } = judges;
    const samples = moons.noise().mul(0);
    expect(moons.scores(keep, samples).energyDistance).toBeGreaterThan(2 * moons.scores(keep).energyDistance!);
  });

  it("finds no error in the exact velocity of a Gaussian, and a perfect Gaussian fit up to chance", () => {
    const { gaussian } = judges;
    expect(gaussian.solvedError(gaussian.problem.exact!.velocity)).toBeLessThan(1e-4);
    expect(judges.moons.solvedError(gaussian.problem.exact!.velocity)).toBeUndefined();
    const [fit, noise] = [gaussian.gaussianFit(), gaussian.scores(keep)];
    expect(fit.oneStepError).toBeLessThan(0.1);
    expect(noise.oneStepError).toBeGreaterThan(0.5);
    expect(fit.energyDistance).toBeLessThan(0.01 * noise.energyDistance!);
  });
});
