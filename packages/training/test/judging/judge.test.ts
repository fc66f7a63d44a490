import { fromData, type Tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { Judge } from "../../src/judging/judge.ts";
import type { Scores } from "../../src/judging/metrics.ts";
import { builtinProblems } from "../../src/problems/builtin.ts";
import { labelledProblem } from "../support/labelledProblem.ts";

const judges = {
  gaussian: new Judge(builtinProblems.gaussian(), "float64"),
  moons: new Judge(builtinProblems.moons(), "float64"),
};
const keep = (noise: Tensor): Tensor => noise;

describe("Judge of points with labels", () => {
  const problem = labelledProblem();
  const judge = new Judge(problem, "float64");
  const { heldOut, names } = problem.classes!;
  /** Points in the middle of the class that each sample is made for, moved by a number of classes. */
  const centersOf =
    (shift: number) =>
    (noise: Tensor): Tensor => {
      const places = Array.from({ length: noise.shape[0] }, (_, i) => (heldOut[i % heldOut.length] + shift) % 2);
      const middles = names.map((_, place) => {
        const rows = [...heldOut.keys()].filter((row) => heldOut[row] === place);
        return [0, 1].map((k) => rows.reduce((sum, row) => sum + problem.heldOut.values[2 * row + k] / rows.length, 0));
      });
      return fromData(Float64Array.from(places.flatMap((place) => middles[place])), noise.shape);
    };

  it("finds the classes that samples are made for, and none of those that they are not", () => {
    expect(judge.scores(centersOf(0)).accuracy).toBe(1);
    expect(judge.scores(centersOf(1)).accuracy).toBe(0);
    expect(judge.score("accuracy", centersOf(0))).toBe(1);
  });

  it("gives training points their own classes, and NaN to samples that are not finite", () => {
    expect(judge.trainingPoints().accuracy).toBe(1);
    expect(judge.scores((noise) => noise.mul(Number.NaN)).accuracy).toBeNaN();
    expect(judge.divergedScores().accuracy).toBeNaN();
  });

  it("has no accuracy without labels", () => {
    expect(judges.moons.scores(keep)).not.toHaveProperty("accuracy");
    expect(judges.moons.trainingPoints()).not.toHaveProperty("accuracy");
  });
});

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
