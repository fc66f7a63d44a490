import { join } from "node:path";
import { builtinProblems, needsLearntTeacher } from "@pushforward/training";
import { type CompareConfig, parseCompareConfig, type RunConfig, type StudyConfig } from "../config.ts";
import type { ResultRow } from "../report/report.ts";
import { isRun, type RunFolder, runFiles } from "../run/runFolder.ts";
import { sumOfProgress } from "../run/sumOfProgress.ts";
import { checkMemory } from "../training/memory.ts";
import { trainedRecipe } from "../training/trainedRecipe.ts";
import type { Display } from "../training/trainingRun.ts";
import { type PlannedRun, plannedRuns, stopsOf } from "./compare.ts";
import { readFigures } from "./figuresFile.ts";
import { Processes } from "./processes.ts";
import { checkStops } from "./stops.ts";
import { ensureRun, ensureRunOf } from "./train.ts";

/** A training of a study and what came of it. */
export interface StudiedRun extends PlannedRun {
  readonly problem: string;
  readonly seed: number;
  /** How it was judged; undefined if it failed. */
  readonly row?: ResultRow;
  /** Why it failed. */
  readonly failure?: string;
}

/** A study that has come to its end. */
export interface Study {
  readonly folder: RunFolder<StudyConfig>;
  /** Every loss on every problem with every seed, and the teachers that were needed. */
  readonly runs: readonly StudiedRun[];
}

/** Whether a folder holds a study. */
export const isStudy = (folder: RunFolder<RunConfig>): folder is RunFolder<StudyConfig> =>
  folder.config.kind === "study";

/**
 * Everything about a study that can be wrong before it begins.
 *
 * @throws DomainError about the sizes or the stop-gradients
 */
export function checkStudy(config: StudyConfig): StudyConfig {
  for (const name of config.problems) checkMemory(config, builtinProblems[name]().dim);
  checkStops("compare", config.withoutStops ?? [], stopsOf(config));
  return config;
}

/** One problem with one seed. */
interface StudiedComparison {
  readonly problem: string;
  readonly seed: number;
  /** The learnt velocity, where some loss distils it or starts from it. */
  readonly teacher?: PlannedRun;
  readonly students: readonly PlannedRun[];
}

/** The settings of the comparisons that a study consists of: problems know their exact velocity or not. */
function comparisonConfig(config: StudyConfig, problem: string, seed: number): CompareConfig {
  const { problems: _problems, seeds: _seeds, teacherVelocity, ...shared } = config;
  const exact = teacherVelocity === "exact" && builtinProblems[problem]().exact !== undefined;
  return parseCompareConfig({
    ...shared,
    kind: "compare",
    data: problem,
    seed,
    ...(exact ? { teacherVelocity } : {}),
  });
}

/** Folders of the comparisons, `<problem>/seed<n>`: all problems with one seed before the next. */
function comparisonsOf({ path, config }: RunFolder<StudyConfig>): StudiedComparison[] {
  const seeds = Array.from({ length: config.seeds }, (_, i) => config.seed + i);
  return seeds.flatMap((seed) =>
    config.problems.map((problem) => {
      const place = join(path, problem, `seed${seed}`);
      const folder = ensureRunOf(place, comparisonConfig(config, problem, seed), parseCompareConfig);
      const { teacher, students } = plannedRuns(folder);
      // Of a study nothing is kept but figures, so that a teacher that no loss needs is left out.
      return { problem, seed, students, ...(teacher && students.some(isTaught) ? { teacher } : {}) };
    }),
  );
}

const isTaught = ({ config }: PlannedRun): boolean => needsLearntTeacher(trainedRecipe(config), config);

/** Figures of a training that has been judged; its folder must be of these settings. */
function figuresOf({ path, config }: PlannedRun): ResultRow | undefined {
  return isRun(path) ? readFigures(ensureRun(path, config).files.figures) : undefined;
}

/**
 * Does what is left of a study: the teachers, then the losses. One that fails does not keep the others from going on.
 *
 * @param jobs trainings at a time; more than one run in processes of their own
 */
export async function finishStudy(folder: RunFolder<StudyConfig>, display: Display, jobs: number): Promise<Study> {
  const comparisons = comparisonsOf(folder);
  const isLeft = (run: PlannedRun): boolean => !figuresOf(run);
  const teachers = comparisons.flatMap(({ teacher }) => teacher ?? []).filter(isLeft);
  const students = comparisons.flatMap((comparison) => comparison.students).filter(isLeft);
  const left = [...teachers, ...students];
  const steps = left.reduce((sum, { config }) => sum + config.steps, 0);
  const progress = sumOfProgress("study", steps, display);
  const processes = new Processes(Math.min(jobs, Math.max(1, left.length)));
  const failures = new Map<string, string>();
  const doAll = (runs: readonly PlannedRun[]): Promise<void> =>
    processes.run(runs.map(judged), {
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
  return { folder, runs: comparisons.flatMap((comparison) => runsOf(comparison, failures)) };
}

const judged = ({ path, config }: PlannedRun) => ({ path, config, isJudged: true });

/** Trainings whose teacher failed, with why: by folder. */
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

/** What came of the trainings of a comparison. */
const runsOf = (
  { problem, seed, teacher, students }: StudiedComparison,
  failures: ReadonlyMap<string, string>,
): StudiedRun[] =>
  [...(teacher ? [teacher] : []), ...students].map((run) => ({
    ...{ ...run, problem, seed },
    row: readFigures(runFiles(run.path).figures),
    failure: failures.get(run.path),
  }));
