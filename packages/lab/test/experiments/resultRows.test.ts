import { recipes, teacherRecipe } from "@pushforward/losses";
import { builtinProblems, Judge, samplerOf } from "@pushforward/training";
import { describe, expect, it } from "vitest";
import type { Candidate } from "../../src/experiments/candidate.ts";
import { resultRow } from "../../src/experiments/resultRows.ts";

const problem = builtinProblems.gaussian();
const network = problem.exact!.velocity as unknown as Candidate["run"]["network"];

const teacher = (divergedAt?: number): Candidate => ({
  name: teacherRecipe.name,
  recipe: teacherRecipe,
  sampler: samplerOf(teacherRecipe, network),
  run: { network, divergedAt, seconds: 1, folder: { config: { steps: 9 } } } as unknown as Candidate["run"],
});

describe("resultRow", () => {
  const judge = new Judge(problem, "float64");

  it("judges a teacher by its solved ODE", () => {
    const row = resultRow(teacher(), judge);
    expect(row).toMatchObject({ kind: "teacher", steps: 9, ...judge.velocityScores(problem.exact!.velocity) });
    expect(row).not.toHaveProperty("samplesBy");
    expect(row.note).toMatch(/^its errors are those of Euler steps/);
  });

  it("gives a teacher that diverged no scores", () => {
    const row = resultRow(teacher(5), judge);
    expect(row).toMatchObject({ kind: "teacher", steps: 5, ...judge.divergedScores() });
    expect(row.note).toMatch(/stopped being finite at step 5/);
  });

  it.each(["dmd", "dmd2", "cosim", "uniInstructJensenShannonExact", "adversarial", "pairRegression"] as const)(
    "has a note for %s, which learns no map to every time",
    (loss) => {
      const recipe = recipes[loss];
      const row = resultRow({ ...teacher(), name: loss, recipe, sampler: samplerOf(recipe, network) }, judge);
      expect(row.note).toMatch(/^it is trained to match the law of the data/);
    },
  );
});
