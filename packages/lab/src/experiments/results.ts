import type { VelocityField } from "@pushforward/flows";
import type { CompareConfig, TrainConfig } from "../config.ts";
import { type Figures, Judge, teacherSolve } from "../evaluation.ts";
import type { Problem } from "../problems/problem.ts";
import { formatFigure } from "../report/figures.ts";
import { renderReport } from "../report/renderReport.ts";
import type { ResultRow } from "../report/report.ts";
import { formatTable } from "../report/table.ts";
import { writeFileAtomic } from "../run/atomicFile.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { diagonalOf, type Sampler, samplerOf } from "../samplers.ts";
import type { Objective } from "../training/objective.ts";
import { objectiveOf } from "../training/objectives.ts";
import type { TrainedRun } from "../training/trainingRun.ts";
import type { Comparison } from "./compare.ts";
import { makeReport } from "./makeReport.ts";
import { stopsSentence } from "./stops.ts";
import { checkConverged, type TrainedExperiment } from "./train.ts";

/** What a run found: for a person, for a program, and as a page. */
export interface Result {
  readonly rows: readonly ResultRow[];
  readonly summary: string;
  /** Path of report.html. */
  readonly report: string;
  readonly json: unknown;
}

/** One training to be judged. */
export interface Judged {
  readonly name: string;
  readonly run: TrainedRun;
  readonly objective: Objective;
  readonly sampler: Sampler;
}

/** Judges a comparison, writes its report and returns the figures. */
export function compareResult({ folder, problem, teacher, students }: Comparison): Result {
  const judged = Object.entries(students).map(([name, run]) => judgedOf(name, run));
  return result(folder, problem, judgedOf("teacher", teacher), judged);
}

/**
 * Judges a single training, writes its report and returns the figures.
 *
 * @throws DomainError if it diverged
 */
export function trainResult({ folder, problem, student, teacher }: TrainedExperiment): Result {
  const judged = judgedOf(folder.config.loss, checkConverged(student));
  if (judged.name === "teacher") return result(folder, problem, judged, []);
  return result(folder, problem, teacher && judgedOf("teacher", teacher), [judged]);
}

function judgedOf(name: string, run: TrainedRun): Judged {
  const objective = objectiveOf(name, run.folder.config);
  return { name, run, objective, sampler: samplerOf(objective, run.network) };
}

function result(
  folder: RunFolder<TrainConfig | CompareConfig>,
  problem: Problem,
  teacher: Judged | undefined,
  students: readonly Judged[],
): Result {
  const { config, files } = folder;
  const judge = new Judge(problem, config.dtype);
  const rows: ResultRow[] = [
    ...students.map((student) => lossRow(student, judge)),
    ...(teacher ? [teacherRow(teacher, judge)] : []),
    {
      name: "training data",
      kind: "baseline",
      ...judge.trainingPoints(),
      note: "about what a perfect sampler would get.",
    },
    { name: "Gaussian fit", kind: "baseline", ...judge.gaussianFit() },
  ];
  const summary = summarize(rows, problem) + stopsSentence(config.withoutStops);
  const converged = students.filter(({ run }) => run.divergedAt === undefined);
  writeFileAtomic(
    files.report,
    renderReport(makeReport({ folder, problem, judge, teacher, students, converged, rows, summary })),
  );
  const beatsGaussianFit = Object.fromEntries(
    rows.filter(({ kind }) => kind === "loss").map((row) => [row.name, isBetter(row, rows[rows.length - 1])]),
  );
  const json = { run: folder.path, report: files.report, config, results: rows, beatsGaussianFit };
  return { rows, summary, report: files.report, json };
}

const trained = ({ name, run }: Judged, kind: ResultRow["kind"]): ResultRow => ({
  name,
  kind,
  steps: run.divergedAt ?? run.folder.config.steps,
  seconds: run.seconds,
});

function lossRow(student: Judged, judge: Judge): ResultRow {
  const { run, objective, sampler } = student;
  const row = trained(student, "loss");
  if (run.divergedAt !== undefined) {
    const note = `its loss stopped being finite at step ${run.divergedAt}; a lower --learning-rate may help.`;
    return { ...row, slicedWasserstein: Number.NaN, energyDistance: Number.NaN, note };
  }
  if (objective.learnsDiagonal)
    return { ...row, ...velocityRow(diagonalOf(run.network), judge), samplesBy: "solving its ODE" };
  const figures = judge.figures(sampler);
  const refines = objective.endsAtData && figures.fourStepError !== undefined;
  const note =
    "it only knows the way to t = 1, so that its four steps go back towards the same noise in between; the exact map would be kept.";
  return { ...row, ...figures, ...(refines ? { note } : {}) };
}

const teacherRow = (teacher: Judged, judge: Judge): ResultRow => ({
  ...trained(teacher, "teacher"),
  ...velocityRow(teacher.run.network, judge),
});

/** What is said of a velocity, whose samples come from its ODE. */
function velocityRow(velocity: VelocityField, judge: Judge): Figures & { readonly note: string } {
  const figures = judge.teacherFigures(velocity);
  const solved = `solving its ODE (${teacherSolve.solver.toUpperCase()}, ${teacherSolve.steps} steps)`;
  const error = judge.solvedError(velocity);
  const note =
    error === undefined
      ? `its samples come from ${solved}.`
      : `its errors are those of Euler steps; its samples come from ${solved}, which errs by ${formatFigure(error)}.`;
  return { ...figures, note };
}

/** Smaller is better; what diverged is never better. */
const isBetter = (row: ResultRow, other: ResultRow): boolean => row.energyDistance! < other.energyDistance!;

/** How the samples of a row were made. */
const way = ({ samplesBy }: ResultRow): string => (samplesBy ? "Solving the ODE of" : "One step of");

/** The finding in a sentence or two. */
function summarize(rows: readonly ResultRow[], problem: Problem): string {
  const losses = rows.filter(({ kind }) => kind === "loss");
  const gaussian = rows[rows.length - 1];
  if (losses.length === 0) return `The velocity of ${problem.name}, learnt by flow matching.`;
  const best = losses.reduce((a, b) => (isBetter(b, a) || Number.isNaN(a.energyDistance) ? b : a));
  const [own, fitted] = [best, gaussian].map((row) => row.energyDistance!.toPrecision(2));
  const better = losses.filter((row) => isBetter(row, gaussian)).length;
  if (losses.length === 1) {
    const comparison = better === 1 ? "comes closer" : "does not come closer";
    return `${way(best)} ${best.name} ${comparison} to held-out points of ${problem.name} than a Gaussian fit: energy distance ${own}, against ${fitted}.`;
  }
  return `${way(best)} ${best.name} comes closest to held-out points of ${problem.name}: energy distance ${own}, against ${fitted} of a Gaussian fit, which ${better} of ${losses.length} losses ${better === 1 ? "beats" : "beat"}.`;
}

/** The result as a person reads it in a terminal. */
export const describeResult = ({ rows, summary, report }: Result): string =>
  `\n${formatTable(rows)}\n\n${summary}\nReport: ${report}\n`;
