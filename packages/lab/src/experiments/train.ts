import { existsSync } from "node:fs";
import { join } from "node:path";
import type { MlpParams } from "@pushforward/nn";
import { parseTrainConfig, type TrainConfig } from "../config.ts";
import { loadProblem } from "../problems/index.ts";
import type { Problem } from "../problems/problem.ts";
import { createRun, isRun, openRun, type RunFolder } from "../run/runFolder.ts";
import { objectiveOf } from "../training/objectives.ts";
import { type Display, runTraining, type TrainedRun } from "../training/trainingRun.ts";

/** A finished training with what it was about. */
export interface TrainedExperiment {
  readonly folder: RunFolder<TrainConfig>;
  readonly problem: Problem;
  readonly student: TrainedRun;
  readonly teacher?: TrainedRun;
}

/** The problem of a configuration. */
export const problemOf = (config: Pick<TrainConfig, "data" | "columns" | "heldOut" | "seed">): Problem =>
  loadProblem(config.data, { columns: config.columns, heldOut: config.heldOut, seed: config.seed });

/** The configuration of the teacher that a training distils. */
export const teacherConfig = (config: Omit<TrainConfig, "kind" | "loss">): TrainConfig =>
  parseTrainConfig({ ...sharedOf(config), kind: "train", loss: "teacher", steps: config.teacherSteps });

/** Settings without what tells experiments apart. */
export function sharedOf<T extends object>(config: T): Omit<T, "kind" | "loss" | "losses"> {
  const {
    kind: _kind,
    loss: _loss,
    losses: _losses,
    ...shared
  } = config as T & { kind?: unknown; loss?: unknown; losses?: unknown };
  return shared as Omit<T, "kind" | "loss" | "losses">;
}

/** Opens the run in a folder, or creates it. */
export const ensureRun = (path: string, config: TrainConfig): RunFolder<TrainConfig> =>
  existsSync(path) && isRun(path) ? openRun(path, parseTrainConfig) : createRun(path, config);

/** Trains (or takes up) the teacher in a subfolder. */
export const trainTeacher = (path: string, config: TrainConfig, problem: Problem, display: Display): TrainedRun =>
  runTraining(
    ensureRun(join(path, "teacher"), teacherConfig(config)),
    objectiveOf("teacher"),
    problem,
    undefined,
    display,
  );

/** Does what is left of a run: the teacher first, where one is needed. */
export function finishTraining(folder: RunFolder<TrainConfig>, display: Display = {}): TrainedExperiment {
  const problem = problemOf(folder.config);
  const objective = objectiveOf(folder.config.loss, folder.config.velocity);
  const teacher = objective.needsTeacher ? trainTeacher(folder.path, folder.config, problem, display) : undefined;
  return { folder, problem, teacher, student: trainStudent(folder, problem, teacher?.params, display) };
}

/** Trains the student of a run with a teacher that is there already. */
export const trainStudent = (
  folder: RunFolder<TrainConfig>,
  problem: Problem,
  teacher: MlpParams | undefined,
  display: Display,
): TrainedRun =>
  runTraining(folder, objectiveOf(folder.config.loss, folder.config.velocity), problem, teacher, display);
