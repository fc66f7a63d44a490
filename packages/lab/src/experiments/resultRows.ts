import type { VelocityField } from "@pushforward/flows";
import { type Recipe, teacherRecipe } from "@pushforward/losses";
import {
  diagonalOf,
  endsAtData,
  generatorStarts,
  type Judge,
  learnsDiagonal,
  rankingMetric,
  type Scores,
  teacherSolve,
} from "@pushforward/training";
import { formatScore } from "../report/formats.ts";
import type { ResultRow } from "../report/report.ts";
import type { Candidate } from "./candidate.ts";

/** Judges one training. */
export const resultRow = (candidate: Candidate, judge: Judge): ResultRow =>
  candidate.name === teacherRecipe.name ? teacherRow(candidate, judge) : lossRow(candidate, judge);

/** Rows for comparison with the losses; the last is the Gaussian fit. */
export const baselineRows = (judge: Judge): readonly [training: ResultRow, gaussianFit: ResultRow] => [
  {
    name: "training data",
    kind: "baseline",
    ...judge.trainingPoints(),
    note: "the scores that a perfect sampler would get by chance.",
  },
  { name: "Gaussian fit", kind: "baseline", ...judge.gaussianFit() },
];

/** Whether a row ranks before another row; a training that diverged ranks before none. */
export const isBetter = (row: ResultRow, other: ResultRow): boolean => row[rankingMetric]! < other[rankingMetric]!;

/** The columns of a row that need no judging. */
const rowHead = ({ name, run }: Candidate, kind: ResultRow["kind"]): ResultRow => ({
  name,
  kind,
  steps: run.divergedAt ?? run.folder.config.steps,
  seconds: run.seconds,
});

function lossRow(student: Candidate, judge: Judge): ResultRow {
  const { run, recipe, sampler } = student;
  const row = rowHead(student, "loss");
  if (run.divergedAt !== undefined) {
    const note = `its loss stopped being finite at step ${run.divergedAt}; a lower --learning-rate may help.`;
    return { ...row, ...judge.divergedScores(), note };
  }
  if (learnsDiagonal(recipe))
    return { ...row, ...velocityRow(diagonalOf(run.network), judge), samplesBy: "solving its ODE" };
  const scores = judge.scores(sampler);
  const note = scores.oneStepError === undefined ? undefined : errorNote(recipe);
  return { ...row, ...scores, ...(note === undefined ? {} : { note }) };
}

/** A remark on what the errors to the exact flow map mean for networks that do not map to every time. */
function errorNote(recipe: Recipe): string | undefined {
  if (generatorStarts(recipe) !== undefined) {
    return "it is trained to match the law of the data, not the exact flow map, so its errors to this map may be large.";
  }
  if (endsAtData(recipe)) {
    return "it maps to t = 1 only: each further step mixes its sample with the same noise, and maps the mixture to t = 1 again.";
  }
  return undefined;
}

const teacherRow = (teacher: Candidate, judge: Judge): ResultRow => ({
  ...rowHead(teacher, "teacher"),
  ...velocityRow(teacher.run.network, judge),
});

/** Scores of a velocity, with a note on how its samples were made. */
function velocityRow(velocity: VelocityField, judge: Judge): Scores & { readonly note: string } {
  const scores = judge.velocityScores(velocity);
  const samples = `its samples are solutions of its ODE (${teacherSolve.solver.toUpperCase()}, ${teacherSolve.steps} steps)`;
  const error = judge.solvedError(velocity);
  const note =
    error === undefined
      ? `${samples}.`
      : `its errors are those of Euler steps; ${samples}, whose error to the exact flow map is ${formatScore(error)}.`;
  return { ...scores, note };
}
