import { key, normal } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gaussianPerClass } from "../../src/judging/gaussianPerClass.ts";
import { Judge } from "../../src/judging/judge.ts";
import { pickPoints } from "../../src/judging/pointSet.ts";
import { momentsOf } from "../../src/problems/moments.ts";
import { labelledProblem } from "../support/labelledProblem.ts";

const problem = labelledProblem();
const { training } = problem.classes!;
const ofClass = (labels: ArrayLike<number>, label: number): number[] =>
  Array.from(labels, (_, i) => i).filter((i) => labels[i] === label);

describe("gaussianPerClass", () => {
  it("has the moments of each class", () => {
    const labels = Int32Array.from({ length: 8000 }, (_, i) => i % 2);
    const samples = gaussianPerClass(problem, normal(key(3), [8000, 2]), labels);
    for (const label of [0, 1]) {
      const made = momentsOf(pickPoints(samples, ofClass(labels, label)));
      const data = momentsOf(pickPoints(problem.training, ofClass(training, label)));
      for (const part of ["mean", "cov"] as const)
        made[part].forEach((value, i) => {
          expect(Math.abs(value - data[part][i])).toBeLessThan(0.08);
        });
    }
  });

  it("takes the Gaussian of all points for a class without training points", () => {
    const none = { ...problem, classes: { ...problem.classes!, training: training.map(() => 0) } };
    const labels = new Int32Array(8000).fill(1);
    const { mean } = momentsOf(gaussianPerClass(none, normal(key(3), [8000, 2]), labels));
    expect(mean[0]).toBeCloseTo(momentsOf(problem.training).mean[0], 1);
  });

  it("beats one Gaussian in the row of a problem with labels", () => {
    const { classes: _none, ...unlabelled } = problem;
    const [one, each] = [unlabelled, problem].map((own) => new Judge(own, "float64").gaussianFit());
    expect(each.energyDistance).toBeLessThan(0.5 * one.energyDistance!);
    expect(each.accuracy).toBeGreaterThan(0.99);
    expect(one).not.toHaveProperty("accuracy");
    expect(Object.keys(each)).toEqual(expect.arrayContaining(["frechet", "precision", "recall"]));
    expect(Object.keys(each)).not.toContain("fourStepFrechet");
  });
});
