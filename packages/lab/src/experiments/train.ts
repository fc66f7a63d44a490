import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { teacherRecipe } from "@pushforward/losses";
import { DomainError, isFloat, type Tensor, type Tree, treeMap } from "@pushforward/tensor";
import {
  type AppliedNetwork,
  checkGroups,
  checkGuidance,
  checkSteps,
  exactTeacherOf,
  lossOfVariant,
  makeTrainer,
  type Naming,
  needsLearntTeacher,
  type Problem,
  restoreTree,
  type Setting,
  type Trainer,
  type TrainState,
  teacherSettings,
  widthOf,
} from "@pushforward/training";
import { parseTrainConfig, type TrainConfig } from "../config.ts";
import { isDataFile } from "../problems/formats.ts";
import { loadProblem } from "../problems/index.ts";
import { readCheckpoint } from "../run/checkpoint.ts";
import { createRun, isRun, openRun, type RunFolder } from "../run/runFolder.ts";
import { dataSettings, tableSettingNames } from "../settings/dataSettings.ts";
import { formatSetting } from "../settings/formatSetting.ts";
import { trainSettings } from "../settings/runSettings.ts";
import { checkSettings } from "../training/checkpointSettings.ts";
import { checkMemory } from "../training/memory.ts";
import { stopsOfLoss, trainedRecipe } from "../training/trainedRecipe.ts";
import { type Display, runTraining, type TrainedRun } from "../training/trainingRun.ts";
import { checkStops } from "./stops.ts";

/** A finished training with its problem and its teacher. */
export interface TrainedExperiment {
  readonly folder: RunFolder<TrainConfig>;
  readonly problem: Problem;
  readonly student: TrainedRun;
  readonly teacher?: TrainedRun;
}

/** Settings that decide a problem. */
type ProblemSettings = Pick<TrainConfig, keyof typeof dataSettings | "seed">;

const problemSettings = [...Object.keys(dataSettings), "seed"] as (keyof ProblemSettings)[];

/** The problem of a configuration. */
export const problemOf = (config: ProblemSettings): Problem =>
  loadProblem(config.data, {
    ...Object.fromEntries(tableSettingNames.map((setting) => [setting, config[setting]])),
    heldOut: config.heldOut,
    seed: config.seed,
    sha256: config.dataSha256,
  });

/** A text that is the same for configurations of the same problem. */
export const problemKey = (config: ProblemSettings): string =>
  isDataFile(config.data)
    ? JSON.stringify(problemSettings.map((setting) => config[setting]))
    : [config.data, config.scale, config.latent].join(" ").trim();

/** Settings without those that differ between the trainings of a comparison. */
export function sharedOf<T extends object>(config: T): Omit<T, "kind" | "loss" | "losses" | "seeds"> {
  const {
    kind: _kind,
    loss: _loss,
    losses: _losses,
    seeds: _seeds,
    ...shared
  } = config as T & Record<"kind" | "loss" | "losses" | "seeds", unknown>;
  return shared;
}

/** The configuration of the teacher that a training distils. */
export const teacherConfig = (config: Omit<TrainConfig, "kind" | "loss">): TrainConfig =>
  parseTrainConfig({
    ...teacherSettings(sharedOf(config)),
    kind: "train",
    loss: teacherRecipe.name,
    teacher: undefined,
    sources: undefined,
    observe: undefined,
  });

/**
 * Checks everything about a training that can be checked before it begins.
 *
 * @param path   folder that the run will get
 * @param nameOf how messages call a setting
 * @returns      the configuration with the digest of its data
 * @throws DomainError about the data, the teacher or the sizes
 */
export function checkTraining(config: TrainConfig, path: string, nameOf?: Naming): TrainConfig {
  const problem = problemOf(config);
  exactTeacherOf(problem, config, nameOf);
  const recipe = trainedRecipe(config);
  checkMemory(config, problem, { recipes: [recipe] });
  checkSteps(recipe, config, nameOf);
  checkGroups(recipe, config, nameOf);
  checkGuidance(recipe, nameOf);
  sayNote(problem);
  const complete = withDataFacts(config, problem);
  checkStops("train", config.withoutStops ?? [], stopsOfLoss(lossOfVariant(config.loss), config.sources));
  if (config.teacher !== undefined) {
    if (!needsLearntTeacher(recipe, config)) {
      throw new DomainError(
        `train: ${config.loss} as set here uses no teacher; leave --teacher out, or choose --velocity teacher`,
      );
    }
    openTeacher(resolve(path, config.teacher), complete, problem);
  }
  return complete;
}

/** Prints the note of a problem on standard error, apart from the results. */
export function sayNote({ note }: Problem): void {
  if (note !== undefined) process.stderr.write(`data: ${note}\n`);
}

/** A configuration with the digest of its data file, and with the scale that was chosen for it. */
export const withDataFacts = <T extends object>(config: T, { sha256, scaling }: Problem): T =>
  sha256 === undefined ? config : { ...config, dataSha256: sha256, scale: scaling };

/** Opens the run in a folder, which must have the same settings, or creates it. */
export const ensureRun = (path: string, config: TrainConfig): RunFolder<TrainConfig> =>
  ensureRunOf(path, config, parseTrainConfig);

/** Opens the run in a folder, which must have the same settings, or creates it; for runs of any kind. */
export function ensureRunOf<Config extends object>(
  path: string,
  config: Config,
  parse: (value: unknown) => Config,
): RunFolder<Config> {
  if (!existsSync(path) || !isRun(path)) return createRun(path, config);
  const folder = openRun(path, parse);
  const names = Object.keys({ ...config, ...folder.config }) as (keyof Config)[];
  const changed = names.find((name) => JSON.stringify(folder.config[name]) !== JSON.stringify(config[name]));
  if (changed === undefined) return folder;
  throw new DomainError(
    `run: ${folder.files.config}: ${String(changed)} must be ${formatSetting(config[changed])} as in the run around it, got ${formatSetting(folder.config[changed])}`,
  );
}

/** Settings that must be equal for a student and its teacher. */
const commonSettings = Object.entries<Setting>(trainSettings)
  .filter(([name, { group, mayChange }]) => (group === "Data" && !mayChange) || group === "Network" || name === "dtype")
  .map(([name]) => name as keyof typeof trainSettings);

/** Opens another run's teacher. */
function openTeacher(path: string, student: TrainConfig, { dim }: Problem): RunFolder<TrainConfig> {
  const folder = openRun(path, parseTrainConfig);
  const [found, config] = [folder.config, student].map((each) => ({ ...each, width: widthOf(each, dim) }));
  if (found.loss !== "teacher") throw new DomainError(`train: ${path} must hold a teacher, got a run of ${found.loss}`);
  // The seed chooses the held-out rows of a file: a teacher with another seed was trained on some of them.
  const names = [...commonSettings, config.dataSha256 === undefined ? ("data" as const) : ("seed" as const)];
  const differs = names.find((name) => JSON.stringify(found[name]) !== JSON.stringify(config[name]));
  if (differs === undefined) return folder;
  throw new DomainError(
    `train: the teacher in ${path} must fit this run, but its ${differs} is ${formatSetting(found[differs])}, not ${formatSetting(config[differs])}; train another teacher or change the setting`,
  );
}

/** The path of the teacher of a run: that of another run, or a folder of its own. */
const teacherPath = ({ path, config }: RunFolder<TrainConfig>): string => resolve(path, config.teacher ?? "teacher");

/** The folder of the teacher of a run; a folder of its own is created. */
const teacherFolder = (folder: RunFolder<TrainConfig>, problem: Problem): RunFolder<TrainConfig> =>
  folder.config.teacher === undefined
    ? ensureRun(join(folder.path, "teacher"), teacherConfig(folder.config))
    : openTeacher(teacherPath(folder), folder.config, problem);

/**
 * Does the rest of a teacher's training.
 *
 * @throws DomainError if it diverges
 */
export async function finishTeacher(
  folder: RunFolder<TrainConfig>,
  problem: Problem,
  display: Display,
): Promise<TrainedRun> {
  return checkConverged(await runTraining(folder, teacherRecipe, problem, undefined, display));
}

/** Does the rest of a run: first the teacher, if the run needs one. */
export async function finishTraining(
  folder: RunFolder<TrainConfig>,
  display: Display = {},
  problem: Problem = problemOf(folder.config),
): Promise<TrainedExperiment> {
  const recipe = trainedRecipe(folder.config);
  const teacher = needsLearntTeacher(recipe, folder.config)
    ? await finishTeacher(teacherFolder(folder, problem), problem, display)
    : undefined;
  const student = await runTraining(folder, recipe, problem, teacher?.params, display);
  return { folder, problem, teacher, student };
}

/** A training as its last checkpoint left it. */
export interface OpenedTraining {
  readonly trainer: Trainer;
  readonly state: TrainState;
}

/**
 * The last checkpoint of a run, with a trainer for it.
 *
 * @param asksTeacher whether the teacher is needed, where the recipe has learnt one
 * @param dtype       float type of trainer and state; default that of the run
 * @throws DomainError if there is none yet
 */
export function openTraining(
  folder: RunFolder<TrainConfig>,
  problem: Problem,
  asksTeacher: boolean,
  dtype = folder.config.dtype,
): OpenedTraining {
  const recipe = trainedRecipe(folder.config);
  const cast = <T extends Tree>(tree: T): T =>
    treeMap((x: Tensor) => (isFloat(x.dtype) ? x.cast(dtype) : x), tree as never) as T;
  const teacher =
    asksTeacher && needsLearntTeacher(recipe, folder.config)
      ? cast(savedState(openTeacher(teacherPath(folder), folder.config, problem), problem).ema.average)
      : undefined;
  const trainer = makeTrainer(recipe, problem, { ...folder.config, dtype }, { teacher });
  return { trainer, state: cast(savedState(folder, problem) as unknown as Tree) as unknown as TrainState };
}

/**
 * The averaged network in the last checkpoint of a run.
 *
 * @throws DomainError if there is none yet
 */
export function trainedNetwork(folder: RunFolder<TrainConfig>, problem: Problem): AppliedNetwork {
  // Only networks of the second-order form evaluate the teacher during sampling.
  const { trainer, state } = openTraining(folder, problem, trainedRecipe(folder.config).form === "secondOrder");
  return trainer.network(state);
}

/** The state of the last checkpoint of a run. */
function savedState({ path, config, files }: RunFolder<TrainConfig>, problem: Problem): TrainState {
  const checkpoint = readCheckpoint(files.checkpoint);
  if (!checkpoint) throw new DomainError(`sample: ${path} has no checkpoint yet; resume it first`);
  checkSettings(files.checkpoint, checkpoint, config);
  const { initial } = makeTrainer(trainedRecipe(config), problem, config);
  return restoreTree(initial, checkpoint.tensors, files.checkpoint);
}

/** @throws DomainError that suggests a remedy if a training diverged */
export function checkConverged(run: TrainedRun): TrainedRun {
  if (run.divergedAt === undefined) return run;
  const { loss, learningRate } = run.folder.config;
  throw new DomainError(
    `train: the loss of ${loss} stopped being finite at step ${run.divergedAt}; ${run.cause ?? `try a --learning-rate below ${learningRate}, or find the cause with --debug-nans`}`,
  );
}
