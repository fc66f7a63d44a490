import { key } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  builtinProblems,
  drawLabelled,
  Judge,
  pictureProblems,
  planeProblems,
  problemNames,
} from "../../../src/index.ts";

const problem = builtinProblems.digits();

describe("the problem of digits", () => {
  it("is drawn once, and is not one of the plane", () => {
    expect(builtinProblems.digits()).toBe(problem);
    expect(problemNames).toContain("digits");
    expect(Object.keys(planeProblems)).not.toContain("digits");
  });

  it("is learnt by its principal components where a number of them is given", () => {
    const latent = pictureProblems.digits({ components: 8 });
    expect(pictureProblems.digits({ components: 8 })).toBe(latent);
    expect([latent.dim, latent.image, latent.classes!.heldOut]).toEqual([8, problem.image, problem.classes!.heldOut]);
    expect(latent.toOriginal(latent.sample(key(1), 3, "float64")).shape).toEqual([3, 196]);
  });

  it("has pictures of ten classes to train on and to judge by", () => {
    const { image, classes, training, heldOut, dim, scaling, exact } = problem;
    expect(image).toEqual({ width: 14, height: 14, channels: 1, range: [0, 1] });
    expect([dim, training.values.length / dim, heldOut.values.length / dim]).toEqual([196, 10_000, 2_000]);
    expect([classes!.names, scaling, exact]).toEqual([Array.from("0123456789"), "common", undefined]);
    for (const labels of [classes!.training, classes!.heldOut])
      for (let digit = 0; digit < 10; digit++)
        expect(labels.filter((label) => label === digit).length / labels.length).toBeCloseTo(0.1, 1);
  });

  it("draws training pictures with their labels, which come back in ink from 0 to 1", () => {
    const { data, labels } = drawLabelled(problem, key(5), 50, "float32");
    expect(data.dataSync()).toEqual(problem.sample(key(5), 50, "float32").dataSync());
    const ink = problem.toOriginal(data.cast("float64")).dataSync();
    expect(Math.min(...ink)).toBeCloseTo(0, 5);
    expect(Math.max(...ink)).toBeCloseTo(1, 5);
    expect(new Set(labels.dataSync()).size).toBeGreaterThan(7);
  });

  it("is no Gaussian for each class: both distances to held-out pictures are larger than those of training pictures", () => {
    const judge = new Judge(pictureProblems.digits({ components: 64 }), "float32");
    const [training, gaussian] = [judge.trainingPoints(), judge.gaussianFit()];
    expect(gaussian.energyDistance!).toBeGreaterThan(1.4 * training.energyDistance!);
    expect(gaussian.frechet!).toBeGreaterThan(1.3 * training.frechet!);
    expect(training.accuracy!).toBeGreaterThan(0.98);
  });
});
