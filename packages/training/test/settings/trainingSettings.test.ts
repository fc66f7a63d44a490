import { recipes, teacherRecipe } from "@pushforward/losses";
import { describe, expect, it } from "vitest";
import { builtinProblems } from "../../src/problems/builtin.ts";
import { namesAllowed, schemaOfGiven } from "../../src/settings/describeSetting.ts";
import { chosenRecipe } from "../../src/settings/recipeChoices.ts";
import { recipeSettings } from "../../src/settings/recipeSettings.ts";
import { parseTrainingSettings, trainingSettings } from "../../src/settings/trainingSettings.ts";
import { namedLeaves } from "../../src/trainer/stateFile.ts";
import { makeTrainer } from "../../src/trainer/trainer.ts";
import { labelledProblem } from "../support/labelledProblem.ts";

/** Settings that change nothing in the training of one loss: the teacher is a training of its own. */
const unchanging = ["debugNans", "teacherSteps"];

/** Settings of which nothing is expected: two backends may agree in every bit. */
const unclear = ["backend"];

const base = {
  ...{ steps: 4, batch: 4, width: 3, depth: 1, backend: "reference" },
  ...{ preset: "paper", velocity: "teacher", teacherVelocity: "exact" },
};
/** A problem with labels, which some settings are about. */
const problem = { ...labelledProblem(), exact: builtinProblems.gaussian().exact };
const recipe = recipes.meanFlow;

/** The state of a small training after three updates, as text. */
async function trained(given: object): Promise<string> {
  const settings = parseTrainingSettings({ ...base, ...given });
  const teacher = makeTrainer(teacherRecipe, problem, settings).initial.params;
  const trainer = makeTrainer(chosenRecipe(recipe, settings), problem, settings, { teacher });
  let state = trainer.initial;
  for (let step = 0; step < 3; step++) ({ state } = await trainer.step(state, step));
  const leaves = Object.entries(namedLeaves(state));
  return JSON.stringify(leaves.map(([name, x]) => [name, x.dtype, [...x.dataSync()]]));
}

/** Values to try of a setting. */
const candidates = (name: string): readonly unknown[] => {
  const setting = trainingSettings[name as keyof typeof trainingSettings];
  const tried = namesAllowed(setting) ?? [1e-6, 0.5, 2, 7, ["target"], true];
  return tried.filter((value) => schemaOfGiven(setting.schema).safeParse(value).success);
};

/** Whether some value of a setting changes the state. */
async function changes(name: string, before: string): Promise<boolean> {
  for (const value of candidates(name)) if ((await trained({ [name]: value })) !== before) return true;
  return false;
}

describe("the steps of a teacher", () => {
  const teacherSteps = (given: object): number => parseTrainingSettings(given).teacherSteps;

  it("follow those of the loss in short trainings, and are never more than by default", () => {
    expect(teacherSteps({})).toBe(5000);
    expect([60, 1, 4999, 5000, 20_000].map((steps) => teacherSteps({ steps }))).toEqual([60, 1, 4999, 5000, 5000]);
    expect(teacherSteps({ steps: 60, teacherSteps: 5000 })).toBe(5000);
  });

  it("leave the message about bad steps to the schema", () => {
    for (const steps of ["60", 0.5, Number.NaN]) {
      expect(() => parseTrainingSettings({ steps })).toThrow("steps must be a whole number from 1");
    }
  });
});

describe("settings of a training", async () => {
  const before = await trained({});
  const names = Object.keys(trainingSettings).filter((name) => !(name in recipeSettings || unclear.includes(name)));

  it.each(names)("%s changes the training, unless it is listed as unchanging", async (name) => {
    const isUsed = await changes(name, before);
    expect(isUsed, `${name} must be read where trainers are made`).toBe(!unchanging.includes(name));
  });

  it("is the same training with the same settings", async () => {
    expect(await trained({ clipNorm: 10 })).toBe(before);
  });
});
