import type { VelocityField } from "@pushforward/flows";
import { type Recipe, teacherRecipe } from "@pushforward/losses";
import {
  diagonalOf,
  endsAtData,
  generatorStarts,
  type Judge,
  learnsDiagonal,
  rankingMetric,
  type Sampler,
  type Scores,
  samplerOf,
  teacherSolve,
} from "@pushforward/training";
import { formatScore } from "../report/formats.ts";
import type { ResultRow } from "../report/report.ts";
import { trainedRecipe } from "../training/trainedRecipe.ts";
import type { TrainedRun } from "../training/trainingRun.ts";
import { trainedName } from "./stops.ts";

/** One training to be judged. */
export interface Judged {
  /** Name of the variant: of the loss, with the stop-gradients that are switched off. */
  readonly name: string;
  readonly run: TrainedRun;
  readonly recipe: Recipe;
  readonly sampler: Sampler;
}

/** A training with its recipe, and how to sample from it. */
export function judgedOf(run: TrainedRun): Judged {
  const { loss, withoutStops } = run.folder.config;
  const recipe = trainedRecipe(run.folder.config);
  return { name: trainedName(loss, withoutStops), run, recipe, sampler: samplerOf(recipe, run.network) };
}

/** Judges one training. */
export const judgedRow = (judged: Judged, judge: Judge): ResultRow =>
  judged.name === teacherRecipe.name ? teacherRow(judged, judge) : lossRow(judged, judge);

/** What puts the figures of losses into proportion; the last is the Gaussian fit. */
export const baselineRows = (judge: Judge): readonly [training: ResultRow, gaussianFit: ResultRow] => [
  {
    name: "training data",
    kind: "baseline",
    ...judge.trainingPoints(),
    note: "about what a perfect sampler would get.",
  },
  { name: "Gaussian fit", kind: "baseline", ...judge.gaussianFit() },
];

/** Whether a row ranks before another row; a training that diverged ranks before none. */
export const isBetter = (row: ResultRow, other: ResultRow): boolean => row[rankingMetric]! < other[rankingMetric]!;

const trained = ({ name, run }: Judged, kind: ResultRow["kind"]): ResultRow => ({
  name,
  kind,
  steps: run.divergedAt ?? run.folder.config.steps,
  seconds: run.seconds,
});

function lossRow(student: Judged, judge: Judge): ResultRow {
  const { run, recipe, sampler } = student;
  const row = trained(student, "loss");
  if (run.divergedAt !== undefined) {
    const note = `its loss stopped being finite at step ${run.divergedAt}; a lower --learning-rate may help.`;
    return { ...row, ...judge.divergedScores(), note };
  }
  if (learnsDiagonal(recipe))
    return { ...row, ...velocityRow(diagonalOf(run.network), judge), samplesBy: "solving its ODE" };
  const scores = judge.scores(sampler);
  const refines = endsAtData(recipe) && scores.fourStepError !== undefined;
  const note =
    "it only knows the way to t = 1, so that its four steps go back towards the same noise in between; the exact map would be kept.";
  const generatorNote =
    "its samples are to have the law of the data; where each comes from is free, and so is the error to the map.";
  const isGenerator = generatorStarts(recipe) !== undefined && scores.oneStepError !== undefined;
  return { ...row, ...scores, ...(isGenerator ? { note: generatorNote } : refines ? { note } : {}) };
}

const teacherRow = (teacher: Judged, judge: Judge): ResultRow => ({
  ...trained(teacher, "teacher"),
  ...velocityRow(teacher.run.network, judge),
});

/** What is said of a velocity, whose samples come from its ODE. */
function velocityRow(velocity: VelocityField, judge: Judge): Scores & { readonly note: string } {
  const scores = judge.velocityScores(velocity);
  const solved = `solving its ODE (${teacherSolve.solver.toUpperCase()}, ${teacherSolve.steps} steps)`;
  const error = judge.solvedError(velocity);
  const note =
    error === undefined
      ? `its samples come from ${solved}.`
      : `its errors are those of Euler steps; its samples come from ${solved}, which errs by ${formatScore(error)}.`;
  return { ...scores, note };
}
