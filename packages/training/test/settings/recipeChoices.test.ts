import { recipes } from "@pushforward/losses";
import { describe, expect, it } from "vitest";
import { choicesOf, chosenRecipe, type RecipeChoices } from "../../src/settings/recipeChoices.ts";
import { objectiveOf } from "../../src/trainer/objectives.ts";

describe("choicesOf", () => {
  it("leaves the paper's settings alone unless something is chosen by hand", () => {
    expect(choicesOf("meanFlow", { preset: "paper" })).toEqual({});
    expect(choicesOf("meanFlow", { preset: "paper", velocity: "teacher" })).toEqual({ velocity: "teacher" });
  });

  it("suits short trainings, each setting unless it is chosen by hand", () => {
    const short = choicesOf("meanFlow", { preset: "short", velocity: undefined });
    expect(short).toEqual({
      velocity: "teacher",
      times: "uniform",
      targetEma: 0.95,
      adaptivePower: 0.5,
      offDiagonal: 0.75,
      learnedWeights: "off",
      studentRate: 0.25,
      fakeUpdates: 2,
      criticUpdates: 3,
    });
    expect(choicesOf("meanFlow", { preset: "short", offDiagonal: 0.25, times: "recipe" })).toEqual({
      ...short,
      offDiagonal: 0.25,
      times: "recipe",
    });
    expect(choicesOf("lsd", { preset: "short" }).offDiagonal).toBeUndefined();
  });

  it("fills half of a short training with the warm-up of the loss", () => {
    expect(choicesOf("ayfEmd", { preset: "short", steps: 101 }).warmupSteps).toBe(51);
    expect(choicesOf("ayfEmd", { preset: "short" }).warmupSteps).toBeUndefined();
  });

  it("lets auxiliary networks follow faster than the student moves, where a recipe has them", () => {
    const short = choicesOf("sid", { preset: "short", fakeUpdates: 3 });
    expect(short).toMatchObject({ studentRate: 0.25, fakeUpdates: 3, criticUpdates: 3 });
    const objectives = (["short", "paper"] as const).map((preset) => objectiveOf("dmd2", { preset }));
    expect(objectives.map(({ rate }) => rate)).toEqual([0.25, 1]);
    expect(objectives.map(({ auxiliaries }) => auxiliaries?.fakeVelocity?.updates)).toEqual([2, 5]);
    expect(objectives.map(({ auxiliaries }) => auxiliaries?.critic?.updates)).toEqual([3, 5]);
    expect(objectiveOf("pairRegression", { preset: "short" }).rate).toBe(1);
  });

  it("gives every recipe a teacher that can use one, but only where it is wanted", () => {
    const needing = (preset: "short" | "paper") =>
      Object.keys(recipes).filter((name) => objectiveOf(name, { preset }).needsTeacher);
    expect(needing("paper")).toContain("localForward");
    expect(needing("paper")).not.toContain("meanFlow");
    expect(needing("short")).toEqual(expect.arrayContaining([...needing("paper"), "meanFlow", "lsd", "shortcut"]));
    expect(objectiveOf("lsd", { preset: "short", velocity: "conditional" }).needsTeacher).toBe(false);
  });
});

describe("chosenRecipe", () => {
  it("is the recipe itself where nothing is chosen, or only what the recipe does not have", () => {
    const own = { ...recipes.meanFlow, isRectified: false };
    expect(chosenRecipe(recipes.meanFlow)).toEqual(own);
    const strange = {
      studentRate: 0.5,
      fakeUpdates: 7,
      criticUpdates: 7,
      warmupSteps: 7,
      learnedWeights: "off",
    } as const;
    expect(chosenRecipe(recipes.meanFlow, strange)).toEqual(own);
    expect(chosenRecipe(recipes.sid, strange)).not.toEqual({ ...recipes.sid, isRectified: false });
  });

  it("gives rectified pairs their own velocity, whatever velocity is chosen", () => {
    const velocities = (choices: RecipeChoices) =>
      chosenRecipe(recipes.meanFlow, choices).terms.map(({ velocity }) => velocity);
    expect(velocities({ velocity: "teacher" })).toEqual(["teacher"]);
    expect(velocities({ velocity: "teacher", pairs: "independent" })).toEqual(["teacher"]);
    expect(velocities({ velocity: "teacher", pairs: "rectified" })).toEqual(["conditional"]);
  });

  it("leaves a form that a loss decides", () => {
    const decided = Object.values(recipes).filter((recipe) => chosenRecipe(recipe, { form: "ctm" }).form !== "ctm");
    expect(decided.map(({ name }) => name)).toContain("secondOrder");
    expect(decided.length).toBeLessThan(Object.keys(recipes).length / 2);
  });
});
