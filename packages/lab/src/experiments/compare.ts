import { join } from "node:path";
import { type CompareConfig, parseTrainConfig, type TrainConfig } from "../config.ts";
import type { Problem } from "../problems/problem.ts";
import type { RunFolder } from "../run/runFolder.ts";
import type { Display, TrainedRun } from "../training/trainingRun.ts";
import { trainInProcesses } from "./processes.ts";
import { ensureRun, finishTraining, sharedOf, teacherConfig } from "./train.ts";

/** Several losses trained on one problem, with one teacher. */
export interface Comparison {
  readonly folder: RunFolder<CompareConfig>;
  readonly problem: Problem;
  readonly teacher: TrainedRun;
  readonly students: Readonly<Record<string, TrainedRun>>;
}

/** Folders of the trainings of a comparison: the teacher, and every loss with that teacher. */
export function comparisonRuns({ config, path }: RunFolder<CompareConfig>): {
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
  const runs = comparisonRuns(folder);
  const { problem, student: teacher } = finishTraining(runs.teacher, display);
  if (jobs > 1) await trainInProcesses(runs.students, jobs, display);
  const students = runs.students.map((run): [string, TrainedRun] => [
    run.config.loss,
    finishTraining(run, display).student,
  ]);
  return { folder, problem, teacher, students: Object.fromEntries(students) };
}
