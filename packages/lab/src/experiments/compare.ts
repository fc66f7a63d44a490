import { basename, join } from "node:path";
import { DomainError } from "@pushforward/tensor";
import {
  checkGroups,
  checkGuidance,
  checkSteps,
  exactTeacherOf,
  lossOfVariant,
  type Naming,
  needsLearntTeacher,
  type Problem,
} from "@pushforward/training";
import { type CompareConfig, parseTrainConfig, type StudyConfig, type TrainConfig } from "../config.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { sumOfProgress } from "../run/sumOfProgress.ts";
import { checkMemory } from "../training/memory.ts";
import { stopsOfLoss, trainedRecipe, variantNamed } from "../training/trainedRecipe.ts";
import { type Display, isFinished, type TrainedRun } from "../training/trainingRun.ts";
import { failure, Processes } from "./processes.ts";
import { checkStops, trainedName } from "./stops.ts";
import {
  ensureRun,
  finishTeacher,
  finishTraining,
  problemOf,
  sayNote,
  sharedOf,
  teacherConfig,
  withDataFacts,
} from "./train.ts";

/** Several losses trained on one problem, with one teacher. */
export interface Comparison {
  readonly folder: RunFolder<CompareConfig>;
  readonly problem: Problem;
  /** The learnt velocity; undefined if every loss distils the exact velocity. */
  readonly teacher?: TrainedRun;
  /** Trainings by loss; a training may have diverged. */
  readonly students: Readonly<Record<string, TrainedRun>>;
}

/**
 * Checks everything about a comparison that can be checked before it begins.
 *
 * @param nameOf how messages call a setting
 * @returns      the configuration with the digest of its data
 * @throws DomainError about the data or the sizes
 */
export function checkComparison(config: CompareConfig, nameOf?: Naming): CompareConfig {
  const problem = problemOf(config);
  checkMemory(config, problem, { recipes: config.losses.map((loss) => trainedRecipe(studentConfig(config, loss))) });
  exactTeacherOf(problem, config, nameOf);
  checkStops("compare", config.withoutStops ?? [], stopsOf(config));
  checkDifferent(config);
  for (const loss of config.losses) {
    const student = studentConfig(config, loss);
    checkSteps(trainedRecipe(student), student, nameOf);
    checkGroups(trainedRecipe(student), student, nameOf);
    checkGuidance(trainedRecipe(student), nameOf);
  }
  sayNote(problem);
  return withDataFacts(config, problem);
}

/** The losses of a comparison or a study. */
type ComparedLosses = Pick<CompareConfig | StudyConfig, "losses" | "withoutStops"> & Pick<CompareConfig, "sources">;

/** Labels of the stop-gradients of all losses. */
export const stopsOf = ({ losses, sources }: ComparedLosses): string[] => [
  ...new Set(losses.flatMap((loss) => stopsOfLoss(lossOfVariant(loss), sources))),
];

/**
 * Checks that no two trainings are the same, as those of meanFlow and meanFlow@-target are with --without-stops target.
 *
 * @throws DomainError that names the training
 */
export function checkDifferent({ losses, withoutStops = [], sources }: ComparedLosses): void {
  const names = losses.map((loss) => {
    const off = [...withoutStops, ...variantNamed(loss, sources).withoutStops];
    return trainedName({ loss, sources, withoutStops: off });
  });
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new DomainError(`compare: losses must all be different, but two of them are ${twice} with these settings`);
}

/** A training with its folder, which may not exist yet. */
export type PlannedRun = Pick<RunFolder<TrainConfig>, "path" | "config">;

/** The trainings of a comparison: the teacher, and every loss, with the teacher if it needs one. */
export function plannedRuns({ config, path }: Pick<RunFolder<CompareConfig>, "path" | "config">): {
  readonly teacher?: PlannedRun;
  readonly students: readonly PlannedRun[];
} {
  const students = config.losses.map((loss) => ({ path: join(path, loss), config: studentConfig(config, loss) }));
  // A learnt teacher is also a row of the results. If losses distil the exact velocity, it is trained only if a loss needs it.
  const hasTeacher = config.teacherVelocity !== "exact" || students.some((student) => student.config.teacher);
  const teacher = { path: join(path, "teacher"), config: teacherConfig(sharedOf(config)) };
  return { students, ...(hasTeacher ? { teacher } : {}) };
}

/** The settings of one loss of a comparison: those that concern it, and those that the variant of its name sets. */
function studentConfig(config: CompareConfig, loss: string): TrainConfig {
  const { withoutStops = [], sources = {}, ...shared } = sharedOf(config);
  const base = lossOfVariant(loss);
  const { settings } = variantNamed(loss, sources);
  const stops = withoutStops.filter((label) => stopsOfLoss(base, sources).includes(label));
  const student = parseTrainConfig({
    ...{ ...shared, ...settings, kind: "train", loss },
    ...(Object.hasOwn(sources, base) ? { sources: { [base]: sources[base] } } : {}),
    ...(stops.length > 0 ? { withoutStops: stops } : {}),
  });
  const isTaught = needsLearntTeacher(trainedRecipe(student), student);
  return isTaught ? { ...student, teacher: join("..", "teacher") } : student;
}

/** The same with their folders made. */
function comparisonRuns(folder: RunFolder<CompareConfig>): {
  readonly teacher?: RunFolder<TrainConfig>;
  readonly students: readonly RunFolder<TrainConfig>[];
} {
  const { teacher, students } = plannedRuns(folder);
  const made = ({ path, config }: PlannedRun): RunFolder<TrainConfig> => ensureRun(path, config);
  return { students: students.map(made), ...(teacher ? { teacher: made(teacher) } : {}) };
}

/**
 * Does the rest of a comparison: the teacher, then the losses.
 *
 * @param jobs trainings at a time; more than one run in processes of their own
 */
export async function finishComparison(
  folder: RunFolder<CompareConfig>,
  display: Display = {},
  jobs = 1,
): Promise<Comparison> {
  const problem = problemOf(folder.config);
  const runs = comparisonRuns(folder);
  const teacher = runs.teacher && (await finishTeacher(runs.teacher, problem, display));
  const left = runs.students.filter((run) => !isFinished(run));
  if (jobs > 1 && left.length > 1) await trainInProcesses(left, Math.min(jobs, left.length), display);
  const students: Record<string, TrainedRun> = {};
  for (const run of runs.students) students[run.config.loss] = (await finishTraining(run, display, problem)).student;
  return { folder, problem, teacher, students };
}

/**
 * Trains several runs at a time.
 *
 * @throws DomainError with the reason of the first failure; the other trainings are stopped, and all can be resumed
 */
async function trainInProcesses(
  runs: readonly RunFolder<TrainConfig>[],
  jobs: number,
  display: Display,
): Promise<void> {
  const total = runs.reduce((sum, { config }) => sum + config.steps, 0);
  const progress = sumOfProgress("losses", total, display);
  const processes = new Processes(jobs);
  const tasks = runs.map(({ path, config }) => ({ path, config, isScored: false }));
  try {
    await processes.run(tasks, {
      onProgress: ({ path }, done) => progress.update(path, done, basename(path)),
      onFailure: (task, reason) => {
        throw failure("compare", task, reason);
      },
    });
  } finally {
    processes.close();
    progress.finish();
  }
}
