/**
 * Draws the pictures of the losses' pages: samples of each loss over the data.
 *
 *   pnpm run pictures <folder>             from finished runs, <folder>/<loss>, as `compare` writes them
 *   pnpm run pictures <folder> --steps n   trains missing runs by the recipes
 *   --only <names>                         selected losses, separated by commas
 */

import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import {
  Judge,
  learnsDiagonal,
  needsLearntTeacher,
  type Problem,
  pointsOf,
  samplerOf,
  thinPoints,
} from "@pushforward/training";
import { parseCompareConfig, parseTrainConfig, type TrainConfig } from "../packages/lab/src/config.ts";
import { plannedRuns } from "../packages/lab/src/experiments/compare.ts";
import {
  ensureRun,
  finishTeacher,
  finishTraining,
  problemOf,
  trainedNetwork,
} from "../packages/lab/src/experiments/train.ts";
import { openRun, type RunFolder } from "../packages/lab/src/run/runFolder.ts";
import { trainedRecipe } from "../packages/lab/src/training/trainedRecipe.ts";
import { dotPicture } from "./dotPicture.ts";
import { allLosses, pageFolder } from "./lossPages.ts";
import { root } from "./workspace.ts";

/** Points of the data and of the samples: a file of at most 8 KiB. */
const [under, over] = [450, 600];

/**
 * Trains missing runs: every loss by its recipe on the exact velocity, or from one teacher if the student is initialised from a
 * teacher.
 */
async function train(path: string, losses: readonly string[], steps: number): Promise<void> {
  const settings = { data: "eightGaussians", teacherVelocity: "exact", steps, teacherSteps: steps };
  const config = parseCompareConfig({ ...settings, kind: "compare", losses });
  const { teacher, students } = plannedRuns({ path, config });
  const missing = students.filter((run) => !existsSync(join(run.path, "config.json")));
  const problem = problemOf(config);
  if (teacher && missing.some((run) => needsLearntTeacher(trainedRecipe(run.config), run.config))) {
    await finishTeacher(ensureRun(teacher.path, teacher.config), problem, {});
  }
  for (const run of students) await finishTraining(ensureRun(run.path, run.config), {}, problem);
}

/** Draws a loss from its run. */
function draw(folder: RunFolder<TrainConfig>, problem: Problem, label: string): string {
  const { config } = folder;
  const recipe = trainedRecipe(config);
  const sampler = samplerOf(recipe, trainedNetwork(folder, problem));
  const samples = pointsOf(sampler(new Judge(problem, config.dtype).noise(over), 1).cast("float64"));
  const way = learnsDiagonal(recipe) ? "Samples" : "One-step samples";
  return dotPicture(`${way} of ${label} over the data`, thinPoints(problem.heldOut, under), samples);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { steps: { type: "string" }, only: { type: "string" } },
});
const [path] = positionals.filter((argument) => argument !== "--");
if (path === undefined)
  throw new Error("pictures: must be given a folder of runs (with --steps, a folder for new runs), got none");
const only = values.only?.split(",");
const chosen = allLosses.filter(({ name }) => only?.includes(name) ?? true);
if (values.steps !== undefined) {
  await train(
    path,
    chosen.map(({ name }) => name),
    Number(values.steps),
  );
}
mkdirSync(pageFolder, { recursive: true });
let problem: Problem | undefined;
for (const { name, label } of chosen) {
  const folder = openRun(join(path, name), parseTrainConfig);
  problem ??= problemOf(folder.config);
  const file = join(pageFolder, `${name}.svg`);
  writeFileSync(file, draw(folder, problem, label));
  console.log(`${relative(root, file)}: ${(statSync(file).size / 1024).toFixed(1)} KiB`);
}
