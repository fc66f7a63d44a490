import { gaussian } from "@pushforward/flows";
import { type LossName, recipes } from "@pushforward/losses";
import { fromData, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { builtinProblems } from "../../src/problems/builtin.ts";
import { chosenRecipe } from "../../src/settings/recipeChoices.ts";
import { exactTeacherOf, needsLearntTeacher } from "../../src/trainer/exactTeacher.ts";

const problem = (name: string) => builtinProblems[name]();
const short = { preset: "short" } as const;

describe("exactTeacherOf", () => {
  it("is the velocity of the law itself, and nothing where velocities are to be learnt", () => {
    const law = gaussian({
      mean: [1, -1],
      cov: [
        [1, 0.6],
        [0.6, 0.5],
      ],
    });
    const [x, t] = [tensor([[0.3, -0.7]]), fromData(Float64Array.of(0.4), [1, 1])];
    const exact = exactTeacherOf(problem("gaussian"), { teacherVelocity: "exact" });
    expect(Array.from(exact!(x, t).dataSync())).toEqual(Array.from(law.velocity(x, t).dataSync()));
    expect(exactTeacherOf(problem("gaussian"), { teacherVelocity: "learnt" })).toBeUndefined();
    expect(exactTeacherOf(problem("moons"), {})).toBeUndefined();
  });

  it("is refused for a problem whose velocity is not known", () => {
    expect(() => exactTeacherOf(problem("moons"), { teacherVelocity: "exact" })).toThrow(
      /^train: the exact velocity of moons is not known; leave teacherVelocity exact out/,
    );
  });
});

describe("needsLearntTeacher", () => {
  it("spares the teacher of losses that distil the exact velocity, unless a network starts as it", () => {
    const needs = (loss: LossName, teacherVelocity: "exact" | "learnt") =>
      needsLearntTeacher(chosenRecipe(recipes[loss], short), { teacherVelocity });
    const names = ["lsd", "velocityMatching", "denoising"] as const;
    expect(names.map((loss) => needs(loss, "learnt"))).toEqual([true, true, false]);
    expect(names.map((loss) => needs(loss, "exact"))).toEqual([false, true, false]);
  });
});
