import { gaussian } from "@pushforward/flows";
import { fromData, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { loadProblem } from "../../src/problems/index.ts";
import { exactTeacherOf, needsLearntTeacher } from "../../src/training/exactTeacher.ts";
import { objectiveOf } from "../../src/training/objectives.ts";

const problem = (name: string) => loadProblem(name, { heldOut: 0.2, seed: 0 });
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

  it("is refused where nobody knows it", () => {
    expect(() => exactTeacherOf(problem("moons"), { teacherVelocity: "exact" })).toThrow(
      /^train: the exact velocity of moons is not known; leave --teacher-velocity exact out/,
    );
  });
});

describe("needsLearntTeacher", () => {
  it("spares the teacher of losses that distil the exact velocity, unless a network starts as it", () => {
    const needs = (loss: string, teacherVelocity: "exact" | "learnt") =>
      needsLearntTeacher(objectiveOf(loss, short), { teacherVelocity });
    expect(["lsd", "velocityMatching", "denoising"].map((loss) => needs(loss, "learnt"))).toEqual([true, true, false]);
    expect(["lsd", "velocityMatching", "denoising"].map((loss) => needs(loss, "exact"))).toEqual([false, true, false]);
  });
});
