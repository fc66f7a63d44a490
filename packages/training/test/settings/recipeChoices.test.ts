import { recipes, teacherRecipe } from "@pushforward/losses";
import { describe, expect, it } from "vitest";
import { choicesOf, chosenRecipe, type RecipeChoices } from "../../src/settings/recipeChoices.ts";
import { needsTeacher } from "../../src/trainer/recipeTraits.ts";

describe("choicesOf", () => {
  it("leaves the paper's settings alone unless something is chosen by hand", () => {
    expect(choicesOf(recipes.meanFlow, { preset: "paper" })).toEqual({});
    expect(choicesOf(recipes.meanFlow, { preset: "paper", velocity: "teacher" })).toEqual({ velocity: "teacher" });
  });

  it("suits short trainings, each setting unless it is chosen by hand", () => {
    const short = choicesOf(recipes.meanFlow, { preset: "short", velocity: undefined });
    expect(short).toEqual({
      velocity: "teacher",
      times: "uniform",
      targetEma: 0.95,
      adaptivePower: 0.5,
      offDiagonal: 0.75,
      learnedWeights: "off",
      optimizer: "usual",
      studentRate: 0.25,
      fakeUpdates: 2,
      criticUpdates: 3,
    });
    expect(choicesOf(recipes.meanFlow, { preset: "short", offDiagonal: 0.25, times: "recipe" })).toEqual({
      ...short,
      offDiagonal: 0.25,
      times: "recipe",
    });
    expect(choicesOf(recipes.lsd, { preset: "short" }).offDiagonal).toBeUndefined();
  });

  it("fills half of a short training with the warm-up of the loss", () => {
    expect(choicesOf(recipes.ayfEmd, { preset: "short", steps: 101 }).warmupSteps).toBe(51);
    expect(choicesOf(recipes.ayfEmd, { preset: "short" }).warmupSteps).toBeUndefined();
  });

  it("lets auxiliary networks follow faster than the student moves, where a recipe has them", () => {
    const short = choicesOf(recipes.sid, { preset: "short", fakeUpdates: 3 });
    expect(short).toMatchObject({ studentRate: 0.25, fakeUpdates: 3, criticUpdates: 3 });
    const chosen = (["short", "paper"] as const).map((preset) => chosenRecipe(recipes.dmd2, { preset }));
    expect(chosen.map(({ rate }) => rate)).toEqual([0.25, 1]);
    expect(chosen.map(({ fakeVelocity }) => fakeVelocity?.updates)).toEqual([2, 5]);
    expect(chosen.map(({ critic }) => critic?.updates)).toEqual([3, 5]);
    expect(chosenRecipe(recipes.pairRegression, { preset: "short" }).rate).toBe(1);
  });

  it("gives every recipe a teacher that can use one, but only where it is wanted", () => {
    const needing = (preset: "short" | "paper") =>
      Object.values(recipes).flatMap((recipe) => (needsTeacher(chosenRecipe(recipe, { preset })) ? [recipe.name] : []));
    expect(needing("paper")).toContain("localForward");
    expect(needing("paper")).not.toContain("meanFlow");
    // These take nothing from a teacher but its weights, and none in short trainings.
    const starting = ["continuousAdversarial", "easyConsistency"];
    const others = needing("paper").filter((name) => !starting.includes(name));
    expect(needing("short")).toEqual(expect.arrayContaining([...others, "meanFlow", "lsd", "shortcut"]));
    expect(needing("short").filter((name) => starting.includes(name))).toEqual([]);
    expect(needsTeacher(chosenRecipe(recipes.lsd, { preset: "short", velocity: "conditional" }))).toBe(false);
  });
});

describe("chosenRecipe", () => {
  it("is the recipe itself where nothing is chosen, or only what the recipe does not have", () => {
    expect(chosenRecipe(recipes.meanFlow)).toEqual(recipes.meanFlow);
    const strange = {
      studentRate: 0.5,
      fakeUpdates: 7,
      criticUpdates: 7,
      warmupSteps: 7,
      learnedWeights: "off",
    } as const;
    expect(chosenRecipe(recipes.meanFlow, strange)).toEqual(recipes.meanFlow);
    expect(chosenRecipe(recipes.sid, strange)).not.toEqual(recipes.sid);
  });

  it("is the teacher's own recipe, whatever is chosen for its students", () => {
    expect(chosenRecipe(teacherRecipe, { preset: "short", velocity: "teacher", pairs: "rectified" })).toBe(
      teacherRecipe,
    );
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
