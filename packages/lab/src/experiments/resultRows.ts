import type { VelocityField } from "@pushforward/flows";
import { type Recipe, teacherRecipe } from "@pushforward/losses";
import {
  endsAtData,
  generatorStarts,
  isBetterScore,
  type Judge,
  judgedVelocity,
  metrics,
  rankingMetric,
  type Scores,
  teacherSolve,
} from "@pushforward/training";
import { formatScore } from "../report/formats.ts";
import type { ResultRow } from "../report/report.ts";
import type { Candidate } from "./candidate.ts";

/** Judges one training. */
export function resultRow({ name, run, recipe, sampler }: Candidate, judge: Judge): ResultRow {
  const kind = name === teacherRecipe.name ? "teacher" : "loss";
  const { divergedAt, cause, seconds, network } = run;
  const row: ResultRow = { name, kind, steps: divergedAt ?? run.folder.config.steps, seconds };
  if (divergedAt !== undefined) {
    const note = `its loss stopped being finite at step ${divergedAt}; ${cause ?? "a lower --learning-rate may help, and --debug-nans finds the cause"}.`;
    return { ...row, ...judge.divergedScores(), note };
  }
  const velocity = judgedVelocity(recipe, network);
  if (velocity) {
    return { ...row, ...velocityScores(velocity, judge), ...(kind === "loss" ? { samplesBy: "solving its ODE" } : {}) };
  }
  const scores = judge.scores(sampler);
  const note = scores.oneStepError === undefined ? undefined : errorNote(recipe);
  return { ...row, ...scores, ...(note === undefined ? {} : { note }) };
}

/** Rows for comparison with the losses; the last is the Gaussian fit, or a Gaussian for each class where points have labels. */
export const baselineRows = (judge: Judge): readonly [training: ResultRow, gaussianFit: ResultRow] => [
  {
    name: "training data",
    kind: "baseline",
    ...judge.trainingPoints(),
    note: "the scores that a perfect sampler would get by chance.",
  },
  { name: judge.problem.classes ? "Gaussian per class" : "Gaussian fit", kind: "baseline", ...judge.gaussianFit() },
];

/** Whether a row ranks before another row; a training that diverged ranks before none. */
export const isBetter = (row: ResultRow, other: ResultRow): boolean =>
  isBetterScore(metrics[rankingMetric], row[rankingMetric]!, other[rankingMetric]!);

/** A remark on the meaning of the errors to the exact flow map for networks that do not map to every time. */
function errorNote(recipe: Recipe): string | undefined {
  const starts = generatorStarts(recipe);
  if (starts !== undefined && recipe.terms[recipe.terms.length - 1].loss.learns === "averageVelocity") {
    return `it maps from the time ${starts.join(", ")} only, so all numbers of steps make its sample in one step.`;
  }
  if (starts !== undefined) {
    return "it is trained to match the law of the data, not the exact flow map, so its errors to this map may be large.";
  }
  if (endsAtData(recipe)) {
    return "it maps to t = 1 only: each further step mixes its sample with the same noise, and maps the mixture to t = 1 again.";
  }
  return undefined;
}

/** Scores of a velocity, with a note on how its samples were made. */
function velocityScores(velocity: VelocityField, judge: Judge): Scores & { readonly note: string } {
  const scores = judge.velocityScores(velocity);
  const samples = `its samples are solutions of its ODE (${teacherSolve.solver.toUpperCase()}, ${teacherSolve.steps} steps)`;
  const error = judge.solvedError(velocity);
  const note =
    error === undefined
      ? `${samples}.`
      : `its errors are those of Euler steps; ${samples}, whose error to the exact flow map is ${formatScore(error)}.`;
  return { ...scores, note };
}
