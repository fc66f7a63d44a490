import { Judge, type Problem } from "@pushforward/training";
import type { CompareConfig } from "../config.ts";
import { formatDifferences } from "../report/differences.ts";
import { renderReport } from "../report/renderReport.ts";
import type { ResultRow } from "../report/report.ts";
import { formatTable } from "../report/table.ts";
import { writeFileAtomic } from "../run/atomicFile.ts";
import { runFiles } from "../run/runFolder.ts";
import { type Candidate, candidateOf } from "./candidate.ts";
import { makeReport } from "./makeReport.ts";
import { baselineRows, isBetter } from "./resultRows.ts";
import { summarize } from "./results.ts";
import { differencesOf, meanRow, seedRow } from "./seedRows.ts";
import type { SeededComparison } from "./seeds.ts";
import { stopsSentence, trainedName } from "./stops.ts";
import { type StudiedRun, seedsOf } from "./study.ts";
import type { StudyResult } from "./studyResult.ts";
import { ensureRun, finishTraining, problemKey, problemOf } from "./train.ts";

/** A loss of a comparison with its trainings, one for each seed. */
interface SeededLoss {
  readonly name: string;
  readonly runs: readonly StudiedRun[];
}

/** Collects the scores of a comparison with several seeds and writes its report. */
export async function seedsResult({ folder, runs }: SeededComparison): Promise<StudyResult> {
  const { config, files, path } = folder;
  const problem = problemOf(config);
  const judge = new Judge(problem, config.dtype);
  const losses = config.losses.map((loss): SeededLoss => {
    const own = runs.filter((run) => run.config.loss === loss);
    return { name: trainedName(own[0].config), runs: own };
  });
  const teachers = runs.filter((run) => run.config.loss === "teacher");
  const rows: ResultRow[] = [
    ...losses.map(({ name, runs: own }) => seedRow(name, "loss", own)),
    ...(teachers.length > 0 ? [seedRow("teacher", "teacher", teachers)] : []),
    ...baselinesOf(config, judge),
  ];
  const differences = differencesOf(losses);
  const spread = `Scores are means ± standard deviations over the seeds ${seedWords(config)}.`;
  const summary = `${summarize(rows, problem)} ${spread}${stopsSentence(losses.map(({ runs: own }) => own[0].config))}`;
  const students = await firstCandidates(losses, config.seed, problem);
  const [teacher] = await firstCandidates([{ name: "teacher", runs: teachers }], config.seed, problem);
  const converged = students.filter(({ run }) => run.divergedAt === undefined);
  const logs = Object.fromEntries(
    [...losses, { name: "teacher", runs: teachers }].map((loss) => [
      loss.name,
      loss.runs.map((run) => runFiles(run.path).metrics),
    ]),
  );
  const report = await makeReport({ folder, problem, judge, teacher, students, converged, rows, summary, logs });
  const environment = { ...report.environment, seeds: seedWords(config) };
  writeFileAtomic(files.report, renderReport({ ...report, environment, differences, drawnSeed: config.seed }));
  const gaussian = rows[rows.length - 1];
  const beatsGaussianFit = Object.fromEntries(
    losses.map(({ name, runs: own }) => [name, own.every(({ row }) => row !== undefined && isBetter(row, gaussian))]),
  );
  return {
    text: [
      "",
      formatTable(rows),
      "",
      ...(differences.length > 0 ? [formatDifferences(differences), ""] : []),
      summary,
      `Report: ${files.report}`,
      "",
    ].join("\n"),
    json: { run: path, report: files.report, config, results: rows, differences, beatsGaussianFit },
    hasFailures: runs.some(({ failure }) => failure !== undefined),
  };
}

/** The seeds of a comparison in words: "0 … 4". */
const seedWords = ({ seed, seeds }: { readonly seed: number; readonly seeds: number }): string =>
  `${seed} … ${seed + seeds - 1}`;

/** Rows for comparison; the held-out rows of a file depend on the seed, those of an embedded problem do not. */
function baselinesOf(config: CompareConfig, judge: Judge): ResultRow[] {
  const isFixed = problemKey(config) === problemKey({ ...config, seed: config.seed + 1 });
  if (isFixed) return [...baselineRows(judge)];
  const all = seedsOf(config).map((seed) =>
    baselineRows(seed === config.seed ? judge : new Judge(problemOf({ ...config, seed }), config.dtype)),
  );
  return [0, 1].map((at) => meanRow(all.map((rows) => rows[at])));
}

/** The trainings with the first seed, unless they failed: their samples and paths are drawn. */
async function firstCandidates(losses: readonly SeededLoss[], seed: number, problem: Problem): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const { runs } of losses) {
    const run = runs.find((each) => each.seed === seed && each.failure === undefined);
    if (!run) continue;
    const { student } = await finishTraining(ensureRun(run.path, run.config), { isQuiet: true }, problem);
    candidates.push(candidateOf(student));
  }
  return candidates;
}
