import { isBetterScore, Judge, metrics, type Problem, rankingMetric } from "@pushforward/training";
import type { CompareConfig, TrainConfig } from "../config.ts";
import { renderReport } from "../report/renderReport.ts";
import type { ResultRow } from "../report/report.ts";
import { formatTable } from "../report/table.ts";
import { writeFileAtomic } from "../run/atomicFile.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { type Candidate, candidateOf } from "./candidate.ts";
import type { Comparison } from "./compare.ts";
import { inTurns } from "./inTurns.ts";
import { makeReport } from "./makeReport.ts";
import { baselineRows, isBetter, resultRow } from "./resultRows.ts";
import { stopsSentence } from "./stops.ts";
import { checkConverged, type TrainedExperiment } from "./train.ts";

/** Result of a run: rows for a table, a summary, a page and JSON. */
export interface Result {
  readonly rows: readonly ResultRow[];
  readonly summary: string;
  /** Path of report.html. */
  readonly report: string;
  readonly json: unknown;
}

/** Judges a comparison and writes its report. */
export function compareResult({ folder, problem, teacher, students }: Comparison): Promise<Result> {
  return result(folder, problem, teacher && candidateOf(teacher), Object.values(students).map(candidateOf));
}

/**
 * Judges a single training and writes its report.
 *
 * @throws DomainError if it diverged
 */
export async function trainResult({ folder, problem, student, teacher }: TrainedExperiment): Promise<Result> {
  const candidate = candidateOf(checkConverged(student));
  if (candidate.name === "teacher") return result(folder, problem, candidate, []);
  return result(folder, problem, teacher && candidateOf(teacher), [candidate]);
}

async function result(
  folder: RunFolder<TrainConfig | CompareConfig>,
  problem: Problem,
  teacher: Candidate | undefined,
  students: readonly Candidate[],
): Promise<Result> {
  const { config, files } = folder;
  const judge = new Judge(problem, config.dtype);
  const rows: ResultRow[] = [
    ...(await inTurns([...students, ...(teacher ? [teacher] : [])], (each) => resultRow(each, judge))),
    ...baselineRows(judge),
  ];
  const summary = summarize(rows, problem) + stopsSentence(students.map(({ run }) => run.folder.config));
  const converged = students.filter(({ run }) => run.divergedAt === undefined);
  writeFileAtomic(
    files.report,
    renderReport(await makeReport({ folder, problem, judge, teacher, students, converged, rows, summary })),
  );
  const beatsGaussianFit = Object.fromEntries(
    rows.filter(({ kind }) => kind === "loss").map((row) => [row.name, isBetter(row, rows[rows.length - 1])]),
  );
  const json = { run: folder.path, report: files.report, config, results: rows, beatsGaussianFit };
  return { rows, summary, report: files.report, json };
}

/** How the samples of a row were made, for the start of a sentence. */
const samplingWords = ({ samplesBy }: ResultRow): string => (samplesBy ? "Solving the ODE of" : "One step of");

const closerWords = (isCloser: boolean): string => (isCloser ? "comes closer" : "does not come closer");

/**
 * A sentence on the Fréchet distance of a row that is compared by the ranking metric, since the two metrics may disagree. Empty unless both rows
 * have a finite Fréchet distance; points without labels have none.
 */
function frechetSentence(row: ResultRow, gaussian: ResultRow): string {
  const [own, fitted] = [row.frechet ?? Number.NaN, gaussian.frechet ?? Number.NaN];
  if (!Number.isFinite(own) || !Number.isFinite(fitted)) return "";
  const comparison = closerWords(isBetterScore(metrics.frechet, own, fitted));
  return ` By ${metrics.frechet.title} it ${comparison} than the ${gaussian.name}: ${own.toPrecision(2)}, against ${fitted.toPrecision(2)}.`;
}

/** The main result, in a sentence or two. */
export function summarize(rows: readonly ResultRow[], problem: Problem): string {
  const losses = rows.filter(({ kind }) => kind === "loss");
  const gaussian = rows[rows.length - 1];
  if (losses.length === 0) return `The velocity of ${problem.name}, learnt by flow matching.`;
  const best = losses.reduce((a, b) => (isBetter(b, a) || Number.isNaN(a[rankingMetric]) ? b : a));
  const [own, fitted] = [best, gaussian].map((row) => row[rankingMetric]!.toPrecision(2));
  const { title } = metrics[rankingMetric];
  const better = losses.filter((row) => isBetter(row, gaussian)).length;
  if (losses.length === 1) {
    return `${samplingWords(best)} ${best.name} ${closerWords(better === 1)} to held-out points of ${problem.name} than a ${gaussian.name}: ${title} ${own}, against ${fitted}.${frechetSentence(best, gaussian)}`;
  }
  return `${samplingWords(best)} ${best.name} comes closest to held-out points of ${problem.name}: ${title} ${own}, against ${fitted} of a ${gaussian.name}, which ${better} of ${losses.length} losses ${better === 1 ? "beats" : "beat"}.${frechetSentence(best, gaussian)}`;
}

/** The result as text for a terminal. */
export const describeResult = ({ rows, summary, report }: Result): string =>
  `\n${formatTable(rows)}\n\n${summary}\nReport: ${report}\n`;
