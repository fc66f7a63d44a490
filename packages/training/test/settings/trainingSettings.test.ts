import { recipes, teacherRecipe } from "@pushforward/losses";
import { key, normal } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { builtinProblems } from "../../src/problems/builtin.ts";
import { pixelColumns } from "../../src/problems/pixels.ts";
import { tableProblem } from "../../src/problems/tableProblem.ts";
import { namesAllowed, schemaOfGiven } from "../../src/settings/describeSetting.ts";
import { chosenRecipe } from "../../src/settings/recipeChoices.ts";
import { recipeSettings } from "../../src/settings/recipeSettings.ts";
import { parseTrainingSettings, trainingSettings } from "../../src/settings/trainingSettings.ts";
import { train } from "../../src/train.ts";
import { patchOf } from "../../src/trainer/pictureNetworks.ts";
import { namedLeaves } from "../../src/trainer/stateFile.ts";
import { makeTrainer } from "../../src/trainer/trainer.ts";
import { labelledProblem } from "../support/labelledProblem.ts";

/** Settings that change nothing in the training of one loss: the teacher is a training of its own. */
const unchanging = ["debugNans", "teacherSteps"];

/** Settings of which nothing is expected: two backends may agree in every bit. */
const unclear = ["backend"];

/** Settings about networks of pictures, which are tried on pictures. */
const ofPictures = ["network", "patch", "heads", "checkpointBlocks"];

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
  const names = Object.keys(trainingSettings).filter(
    (name) => !(name in recipeSettings || [...unclear, ...ofPictures].includes(name)),
  );

  it.each(names)("%s changes the training, unless it is listed as unchanging", async (name) => {
    const isUsed = await changes(name, before);
    expect(isUsed, `${name} must be read where trainers are made`).toBe(!unchanging.includes(name));
  });

  it("is the same training with the same settings", async () => {
    expect(await trained({ clipNorm: 10 })).toBe(before);
  });
});

describe("settings of networks of pictures", () => {
  const pictures = tableProblem(
    "pictures",
    { values: normal(key(1), [12, 16]), names: pixelColumns({ width: 4, height: 4, channels: 1 }) },
    { heldOut: 0.25, seed: 0 },
  );
  const small = { steps: 5, batch: 4, width: 8, depth: 1, backend: "reference", velocity: "conditional" } as const;
  const lossesOf = async (given: object): Promise<readonly number[]> =>
    (await train(recipes.meanFlow, pictures, { ...small, ...given })).losses;

  it("change the training, and networks of pictures are refused for other points", async () => {
    const all = [
      {},
      { network: "dit" },
      { network: "dit", patch: 2 },
      { network: "dit", heads: 2 },
      { network: "unet", depth: 2 },
    ];
    const found = await Promise.all(all.map(lossesOf));
    expect(new Set(found.map((losses) => losses.join(" "))).size).toBe(all.length);
    expect(found.flat().every(Number.isFinite)).toBe(true);
    await expect(train(recipes.meanFlow, problem, { ...small, network: "unet" })).rejects.toThrow(
      "train: network unet needs pictures, got 2 columns that are no pixels; use network mlp, or name columns pixel_<row>_<column>",
    );
    await expect(lossesOf({ network: "dit", patch: 3 })).rejects.toThrow("patch");
  });

  it("compute blocks again with the losses of blocks that are kept, to rounding", async () => {
    for (const network of [{ network: "dit" }, { network: "unet", depth: 2 }]) {
      const [kept, again] = [await lossesOf(network), await lossesOf({ ...network, checkpointBlocks: true })];
      for (const [i, loss] of kept.entries()) expect(Math.abs(again[i] / loss - 1)).toBeLessThan(1e-3);
    }
  });

  it("choose patches that leave few tokens", () => {
    const sides = [
      [28, 28],
      [14, 14],
      [4, 4],
      [32, 32],
      [13, 13],
      [30, 20],
    ].map(([height, width]) => patchOf({}, { height, width, channels: 1, range: [0, 1] }));
    expect(sides).toEqual([4, 2, 1, 8, 13, 5]);
    expect(patchOf({ patch: 7 }, { height: 28, width: 28, channels: 1, range: [0, 1] })).toBe(7);
  });
});
