import { existsSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Recipe } from "@pushforward/losses";
import { DomainError, type Tree } from "@pushforward/tensor";
import {
  type AppliedNetwork,
  causeOfDivergence,
  makeObservatory,
  makeTrainer,
  namedLeaves,
  type Problem,
  restoreTree,
  type StepStart,
  type Trainer,
  type TrainState,
} from "@pushforward/training";
import type { TrainConfig } from "../config.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../run/checkpoint.ts";
import { type Claim, whileHolding } from "../run/claim.ts";
import { logEndNote } from "../run/logEnd.ts";
import { type MetricsLog, type MetricsRecord, openMetricsLog, readMetrics } from "../run/metricsLog.ts";
import { type Progress, startProgress } from "../run/progress.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { WallClock } from "../run/wallClock.ts";
import { checkSettings, settingsNote } from "./checkpointSettings.ts";

/** How a training shows itself. */
export interface Display {
  /** No bar on standard error. */
  readonly isQuiet?: boolean;
  /** Called with the steps done, in the place of any display. */
  readonly onProgress?: (done: number) => void;
}

/** A finished training. */
export interface TrainedRun {
  readonly folder: RunFolder<TrainConfig>;
  /** The averaged network, compiled. */
  readonly network: AppliedNetwork;
  readonly params: Tree;
  /** Wall time of all its steps, by whatever processes, in s. */
  readonly seconds: number;
  /** Updates in a second, without what the first of a process compiles; undefined where no second one was made. */
  readonly stepsPerSecond?: number;
  /** The step after which the loss was no longer finite; the training ended there, and its network is of no use. */
  readonly divergedAt?: number;
  /** The first number that was not finite, in a sentence; undefined unless the run looked for it. */
  readonly cause?: string;
  /** The GPU that it ran on; undefined on the processor. */
  readonly device?: string;
}

/** Where a training stands. */
interface Position {
  readonly state: TrainState;
  readonly done: number;
  readonly divergedAt?: number;
  readonly cause?: string;
}

/**
 * Trains to the end from wherever the folder's checkpoint stands. Steps take their randomness from their number, so that a
 * run that was killed and resumed ends with the same bits as an unbroken one.
 *
 * @throws DomainError if the checkpoint is damaged or belongs to other settings
 */
export async function runTraining(
  folder: RunFolder<TrainConfig>,
  recipe: Recipe,
  problem: Problem,
  teacher: Tree | undefined,
  display: Display = {},
): Promise<TrainedRun> {
  const trainer = makeTrainer(recipe, problem, folder.config, { teacher });
  // A finished run is only read: several processes may do that at a time, e.g. students of one teacher.
  const { clock, state, divergedAt, cause } = isFinished(folder)
    ? { clock: new WallClock(folder.path), ...startOf(folder, trainer) }
    : await whileHolding(folder.path, (claim) => advance(folder, trainer, { recipe, display, claim }));
  const { seconds, stepsPerSecond, device } = clock;
  const network = trainer.network(state);
  return { folder, network, params: state.ema.average, seconds, stepsPerSecond, device, divergedAt, cause };
}

/** The end of a run so far. */
interface LastOfRun extends Pick<Position, "divergedAt" | "cause"> {
  readonly checkpoint: Checkpoint | undefined;
  readonly records: readonly MetricsRecord[];
}

/** The last checkpoint of a run and the lines of its log. */
function lastOf({ files }: RunFolder<TrainConfig>): LastOfRun {
  const checkpoint = readCheckpoint(files.checkpoint);
  const records = checkpoint || existsSync(files.metrics) ? readMetrics(files.metrics) : [];
  const last = records.at(-1);
  // A training that diverged would do so again.
  if (last?.diverged !== true) return { checkpoint, records };
  return {
    checkpoint,
    records,
    divergedAt: last.step,
    ...(typeof last.cause === "string" ? { cause: last.cause } : {}),
  };
}

/** Whether nothing is left to train. */
export function isFinished(folder: RunFolder<TrainConfig>): boolean {
  const { checkpoint, divergedAt } = lastOf(folder);
  return checkpoint?.step === folder.config.steps || divergedAt !== undefined;
}

/** The state of the last checkpoint, or a new one. */
function startOf(folder: RunFolder<TrainConfig>, trainer: Trainer): Position {
  const { config, files } = folder;
  const { checkpoint, records, divergedAt, cause } = lastOf(folder);
  if (!checkpoint) return { state: trainer.initial, done: 0, divergedAt, cause };
  checkSettings(files.checkpoint, checkpoint, config);
  const { step, tensors } = checkpoint;
  checkMetrics(files.metrics, records, step - (step % config.logEvery));
  return { state: restoreTree(trainer.initial, tensors, files.checkpoint), done: step, divergedAt, cause };
}

/** @throws DomainError unless the log has the last line that was due before the checkpoint */
function checkMetrics(file: string, records: readonly MetricsRecord[], due: number): void {
  if (due === 0 || records.some(({ step }) => step === due)) return;
  throw new DomainError(
    `metrics: ${file} must have a line of step ${due}, which the checkpoint relies on; put the file back or start a new run`,
  );
}

interface RunContext {
  readonly recipe: Recipe;
  readonly display: Display;
  readonly claim: Claim;
}

/** Updates between two calls of onProgress. */
const reportEvery = 20;

/** A display of a training: a bar, plain lines, or the caller's `onProgress`. */
function displayOf({ recipe, display }: RunContext, done: number, steps: number): Progress {
  const { onProgress, isQuiet } = display;
  if (!onProgress)
    return startProgress({ label: recipe.name, total: steps, done, ...(isQuiet ? { plain: true } : {}) });
  const update = (step: number): void => {
    if (step % reportEvery === 0 || step === steps) onProgress(step);
  };
  return { update, finish: () => undefined };
}

/** Trains from the last checkpoint to the end of the run. */
async function advance(
  folder: RunFolder<TrainConfig>,
  trainer: Trainer,
  context: RunContext,
): Promise<Position & { readonly clock: WallClock }> {
  const { config, files } = folder;
  const clock = new WallClock(folder.path);
  const start = startOf(folder, trainer);
  // Another process may have finished the run before this one got hold of it.
  if (start.done >= config.steps || start.divergedAt !== undefined) return { ...start, clock };
  const log = openMetricsLog(files.metrics, start.done > 0 ? start.done : undefined);
  const progress = displayOf(context, start.done, config.steps);
  const writer: Writer = { log, clock, claim: context.claim };
  const observatory = config.observe === undefined ? undefined : makeObservatory(trainer);
  let { state } = start;
  let before: StepStart<Tree> | undefined;
  try {
    for (let step = start.done + 1; step <= config.steps; step++) {
      const result = await clock.timed(() => trainer.step(state, step - 1));
      clock.device = trainer.device();
      // Lets signals and a parent's end through: a process that has to stop stops before it writes.
      await nextTurn();
      if (!Number.isFinite(result.loss)) {
        const cause = causeOfDivergence(trainer, [before, { state, index: step - 1 }]);
        writer.claim.check();
        log.append({ step, loss: null, diverged: true, ...(cause === undefined ? {} : { cause }) });
        clock.save();
        return { state, done: step, divergedAt: step, cause, clock };
      }
      if (config.debugNans) before = { state, index: step - 1 }; // nothing else needs the state before the last
      state = result.state;
      const metrics: Record<string, MetricsRecord[string]> = { ...result.metrics };
      // Lags take longer to measure than a step, so only some lines have them.
      if (isDue(step, config, lagEvery * config.logEvery))
        Object.assign(metrics, await trainer.measure(state, step - 1));
      if (observatory && isDue(step, config, config.observe)) metrics.observed = await observatory.observe(state);
      record(folder, writer, { step, state, loss: result.loss, metrics });
      progress.update(step, `loss ${result.loss.toPrecision(3)}`);
    }
  } finally {
    progress.finish();
    log.close();
  }
  return { state, done: config.steps, clock };
}

/** Lines of metrics for one that also says how far networks lag. */
const lagEvery = 10;

/** Whether something is due after a step: at every so many steps and at the end; never without a number. */
const isDue = (step: number, { steps }: TrainConfig, every?: number): boolean =>
  every !== undefined && (step % every === 0 || step === steps);

/** The log, the clock and the claim of a training that writes into its folder. */
interface Writer {
  readonly log: MetricsLog;
  readonly clock: WallClock;
  readonly claim: Claim;
}

interface StepResult {
  readonly step: number;
  readonly state: TrainState;
  readonly loss: number;
  readonly metrics: Omit<MetricsRecord, "step">;
}

/** Writes what is due after a step: a line of metrics, a checkpoint that all lines before it are safe for. */
function record(
  { config, files }: RunFolder<TrainConfig>,
  { log, clock, claim }: Writer,
  { step, state, loss, metrics }: StepResult,
): void {
  const isLogged = isDue(step, config, config.logEvery) || isDue(step, config, config.observe);
  const isSaved = isDue(step, config, config.checkpointEvery);
  if (!isLogged && !isSaved) return;
  claim.check();
  if (isLogged) log.append({ step, loss, ...metrics });
  if (!isSaved) return;
  log.sync();
  const metadata = { ...settingsNote(config), ...logEndNote(log.end()) };
  writeCheckpoint(files.checkpoint, { step, tensors: namedLeaves(state), metadata }, claim);
  clock.save();
}
