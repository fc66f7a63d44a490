import { join } from "node:path";
import { type CompareConfig, parseTrainConfig, type TrainConfig } from "../config.ts";
import type { Problem } from "../problems/problem.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { exactTeacherOf } from "../training/exactTeacher.ts";
import { checkMemory } from "../training/memory.ts";
import { objectiveOf } from "../training/objectives.ts";
import { type Display, isFinished, type TrainedRun } from "../training/trainingRun.ts";
import { trainInProcesses } from "./processes.ts";
import { checkStops } from "./stops.ts";
import { ensureRun, finishTeacher, finishTraining, problemOf, sharedOf, teacherConfig, withDigest } from "./train.ts";

/** Several losses trained on one problem, with one teacher. */
export interface Comparison {
  readonly folder: RunFolder<CompareConfig>;
  readonly problem: Problem;
  readonly teacher: TrainedRun;
  /** By loss; one that diverged says so and does not spoil the others. */
  readonly students: Readonly<Record<string, TrainedRun>>;
}

/**
 * Everything about a comparison that can be wrong before it begins.
 *
 * @returns the configuration with the digest of its data
 * @throws DomainError about the data or the sizes
 */
export function checkComparison(config: CompareConfig): CompareConfig {
  const problem = problemOf(config);
  checkMemory(config, problem.dim);
  exactTeacherOf(problem, config);
  const stops = config.losses.flatMap((loss) => objectiveOf(loss, config).stops ?? []);
  checkStops("compare", config.withoutStops ?? [], [...new Set(stops)]);
  return withDigest(config, problem);
}

/** Folders of the trainings of a comparison: the teacher, and every loss with that teacher. */
function comparisonRuns({ config, path }: RunFolder<CompareConfig>): {
  readonly teacher: RunFolder<TrainConfig>;
  readonly students: readonly RunFolder<TrainConfig>[];
} {
  const shared = sharedOf(config);
  return {
    teacher: ensureRun(join(path, "teacher"), teacherConfig(shared)),
    students: config.losses.map((loss) =>
      ensureRun(join(path, loss), parseTrainConfig({ ...shared, kind: "train", loss, teacher: join("..", "teacher") })),
    ),
  };
}

/**
 * Does what is left of a comparison: the teacher, then the losses.
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
  const teacher = await finishTeacher(runs.teacher, problem, display);
  const left = runs.students.filter((run) => !isFinished(run));
  if (jobs > 1 && left.length > 1) await trainInProcesses(left, jobs, display);
  const students: Record<string, TrainedRun> = {};
  for (const run of runs.students) students[run.config.loss] = (await finishTraining(run, display, problem)).student;
  return { folder, problem, teacher, students };
}
