import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { DomainError } from "@pushforward/tensor";
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

/** Settings without what tells experiments apart. */
export function sharedOf<T extends object>(config: T): Omit<T, "kind" | "loss" | "losses"> {
  const {
    kind: _kind,
    loss: _loss,
    losses: _losses,
    ...shared
  } = config as T & Record<"kind" | "loss" | "losses", unknown>;
  return shared;
}

/** The configuration of the teacher that a training distils. */
export const teacherConfig = (config: Omit<TrainConfig, "kind" | "loss">): TrainConfig =>
  parseTrainConfig({
    ...sharedOf(config),
    kind: "train",
    loss: "teacher",
    steps: config.teacherSteps,
    teacher: undefined,
  });

/** Opens the run in a folder, or creates it. */
export const ensureRun = (path: string, config: TrainConfig): RunFolder<TrainConfig> =>
  existsSync(path) && isRun(path) ? openRun(path, parseTrainConfig) : createRun(path, config);

/** The folder of the teacher that a run uses: another run's, or its own. */
function teacherFolder({ path, config }: RunFolder<TrainConfig>): RunFolder<TrainConfig> {
  if (config.teacher === undefined) return ensureRun(join(path, "teacher"), teacherConfig(config));
  const folder = openRun(resolve(path, config.teacher), parseTrainConfig);
  const differs = (["loss", "data", "width", "depth", "activation", "dtype"] as const).find(
    (name) => folder.config[name] !== (name === "loss" ? "teacher" : config[name]),
  );
  if (differs === undefined) return folder;
  throw new DomainError(
    `train: the teacher in ${folder.path} must fit this run, but its ${differs} is ${folder.config[differs]}; train another or change --${differs}`,
  );
}

/** Does what is left of a run: the teacher first, where one is needed. */
export function finishTraining(folder: RunFolder<TrainConfig>, display: Display = {}): TrainedExperiment {
  const problem = problemOf(folder.config);
  const objective = objectiveOf(folder.config.loss, folder.config);
  const teacher = objective.needsTeacher
    ? runTraining(teacherFolder(folder), objectiveOf("teacher"), problem, undefined, display)
    : undefined;
  return { folder, problem, teacher, student: runTraining(folder, objective, problem, teacher?.params, display) };
}
