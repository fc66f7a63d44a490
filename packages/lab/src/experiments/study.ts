import { join } from "node:path";
import { builtinProblems, needsLearntTeacher } from "@pushforward/training";
import { type CompareConfig, parseCompareConfig, type RunConfig, type StudyConfig } from "../config.ts";
import type { ResultRow } from "../report/report.ts";
import { isRun, type RunFolder, runFiles } from "../run/runFolder.ts";
import { sumOfProgress } from "../run/sumOfProgress.ts";
import { checkMemory } from "../training/memory.ts";
import { trainedRecipe } from "../training/trainedRecipe.ts";
import type { Display } from "../training/trainingRun.ts";
import { checkDifferent, type PlannedRun, plannedRuns, stopsOf } from "./compare.ts";
import { Processes } from "./processes.ts";
import { readScores } from "./scoresFile.ts";
import { checkStops } from "./stops.ts";
import { ensureRun, ensureRunOf } from "./train.ts";

/** A training of a study with its outcome. */
export interface StudiedRun extends PlannedRun {
  readonly problem: string;
  readonly seed: number;
  /** Its scores; undefined if it failed. */
  readonly row?: ResultRow;
  /** Why it failed. */
  readonly failure?: string;
}

/** A finished study. */
export interface Study {
  readonly folder: RunFolder<StudyConfig>;
  /** Every loss on every problem with every seed, and the teachers that were needed. */
  readonly runs: readonly StudiedRun[];
}

/** Whether a folder holds a study. */
export const isStudy = (folder: RunFolder<RunConfig>): folder is RunFolder<StudyConfig> =>
  folder.config.kind === "study";

/**
 * Checks everything about a study that can be checked before it begins.
 *
 * @throws DomainError about the sizes or the stop-gradients
 */
export function checkStudy(config: StudyConfig): StudyConfig {
  for (const name of config.problems) checkMemory(config, builtinProblems[name]());
  checkStops("compare", config.withoutStops ?? [], stopsOf(config));
  checkDifferent(config);
  return config;
}

/** The trainings on one problem with one seed. */
export interface StudiedComparison {
  readonly problem: string;
  readonly seed: number;
  /** The learnt velocity, if a loss distils it or starts from it. */
  readonly teacher?: PlannedRun;
  readonly students: readonly PlannedRun[];
}

/** The settings of a comparison of a study; the exact velocity is used only if the problem has one. */
function comparisonConfig(config: StudyConfig, problem: string, seed: number): CompareConfig {
  const { problems: _problems, seeds: _seeds, teacherVelocity, ...shared } = config; // a comparison has one seed
  const exact = teacherVelocity === "exact" && builtinProblems[problem]().exact !== undefined;
  return parseCompareConfig({
    ...shared,
    kind: "compare",
    data: problem,
    seed,
    ...(exact ? { teacherVelocity } : {}),
  });
}

/** The seeds of a comparison or a study. */
export const seedsOf = ({ seed, seeds }: Pick<CompareConfig | StudyConfig, "seed" | "seeds">): number[] =>
  Array.from({ length: seeds }, (_, i) => seed + i);

/** Folders of the comparisons, `<problem>/seed<n>`: all problems with one seed before the next. */
function comparisonsOf({ path, config }: RunFolder<StudyConfig>): StudiedComparison[] {
  return seedsOf(config).flatMap((seed) =>
    config.problems.map((problem) => {
      const place = join(path, problem, `seed${seed}`);
      const folder = ensureRunOf(place, comparisonConfig(config, problem, seed), parseCompareConfig);
      const { teacher, students } = plannedRuns(folder);
      // A study reports scores of losses only, so a teacher is trained only if a loss needs it.
      return { problem, seed, students, ...(teacher && students.some(isTaught) ? { teacher } : {}) };
    }),
  );
}

const isTaught = ({ config }: PlannedRun): boolean => needsLearntTeacher(trainedRecipe(config), config);

/** The stored scores of a training; its folder must have these settings. */
function storedScores({ path, config }: PlannedRun): ResultRow | undefined {
  return isRun(path) ? readScores(ensureRun(path, config).files.scores) : undefined;
}

/**
 * Does the rest of a study.
 *
 * @param jobs trainings at a time; more than one run in processes of their own
 */
export async function finishStudy(folder: RunFolder<StudyConfig>, display: Display, jobs: number): Promise<Study> {
  return { folder, runs: await finishScored("study", comparisonsOf(folder), display, jobs) };
}

/**
 * Does the rest of many trainings, with their scores: the teachers, then the losses. A training that fails does not stop the others.
 *
 * @param title of the display
 * @param jobs  trainings at a time; more than one run in processes of their own
 */
export async function finishScored(
  title: string,
  comparisons: readonly StudiedComparison[],
  display: Display,
  jobs: number,
): Promise<StudiedRun[]> {
  const isUnfinished = (run: PlannedRun): boolean => !storedScores(run);
  const teachers = comparisons.flatMap(({ teacher }) => teacher ?? []).filter(isUnfinished);
  const students = comparisons.flatMap((comparison) => comparison.students).filter(isUnfinished);
  const left = [...teachers, ...students];
  const steps = left.reduce((sum, { config }) => sum + config.steps, 0);
  const progress = sumOfProgress(title, steps, display);
  const processes = new Processes(Math.min(jobs, Math.max(1, left.length)));
  const failures = new Map<string, string>();
  const doAll = (runs: readonly PlannedRun[]): Promise<void> =>
    processes.run(runs.map(scoredTask), {
      onProgress: ({ path, config }, done) =>
        progress.update(path, done, `${config.data}, seed ${config.seed}, ${config.loss}`),
      onFailure: ({ path }, reason) => void failures.set(path, reason),
    });
  try {
    await doAll(teachers);
    const lost = withoutTeacher(comparisons, failures);
    await doAll(students.filter(({ path }) => !lost.has(path)));
    for (const [path, reason] of lost) failures.set(path, reason);
  } finally {
    processes.close();
    progress.finish();
  }
  return comparisons.flatMap((comparison) => runsOf(comparison, failures));
}

const scoredTask = ({ path, config }: PlannedRun) => ({ path, config, isScored: true });

/** Reasons of trainings whose teacher failed, by folder. */
function withoutTeacher(
  comparisons: readonly StudiedComparison[],
  failures: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const lost = comparisons.flatMap(({ teacher, students }) => {
    const reason = teacher && failures.get(teacher.path);
    return reason === undefined
      ? []
      : students.filter(isTaught).map(({ path }): [string, string] => [path, `its teacher failed: ${reason}`]);
  });
  return new Map(lost);
}

/** The trainings of a comparison with their outcomes. */
const runsOf = (
  { problem, seed, teacher, students }: StudiedComparison,
  failures: ReadonlyMap<string, string>,
): StudiedRun[] =>
  [...(teacher ? [teacher] : []), ...students].map((run) => ({
    ...{ ...run, problem, seed },
    row: readScores(runFiles(run.path).scores),
    failure: failures.get(run.path),
  }));
