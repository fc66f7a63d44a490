import { join } from "node:path";
import type { CompareConfig } from "../config.ts";
import { parseTrainConfig } from "../config.ts";
import type { Problem } from "../problems/problem.ts";
import { createRun, type RunFolder } from "../run/runFolder.ts";
import { objectiveOf } from "../training/objectives.ts";
import type { Display, TrainedRun } from "../training/trainingRun.ts";
import { ensureRun, problemOf, sharedOf, teacherConfig, trainStudent } from "./train.ts";

/** Several losses trained on one problem, with one teacher. */
export interface Comparison {
  readonly folder: RunFolder<CompareConfig>;
  readonly problem: Problem;
  readonly teacher: TrainedRun;
  readonly students: Readonly<Record<string, TrainedRun>>;
}

/** Creates the folder of a comparison. */
export const createComparison = (path: string, config: CompareConfig): RunFolder<CompareConfig> =>
  createRun(path, config);

/** Does what is left of a comparison: the teacher, then every loss in a subfolder of its own. */
export function finishComparison(folder: RunFolder<CompareConfig>, display: Display = {}): Comparison {
  const { config, path } = folder;
  const problem = problemOf(config);
  const open = (name: string, settings: ReturnType<typeof parseTrainConfig>) => ensureRun(join(path, name), settings);
  const teacher = trainStudent(open("teacher", teacherConfig(config)), problem, undefined, display);
  const students = config.losses.map((loss): [string, TrainedRun] => {
    const run = open(loss, parseTrainConfig({ ...sharedOf(config), kind: "train", loss }));
    return [
      loss,
      trainStudent(run, problem, objectiveOf(loss, config.velocity).needsTeacher ? teacher.params : undefined, display),
    ];
  });
  return { folder, problem, teacher, students: Object.fromEntries(students) };
}
