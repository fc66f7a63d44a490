import type { MlpParams } from "@pushforward/nn";
import type { TrainConfig } from "../config.ts";
import type { Problem } from "../problems/problem.ts";
import { readCheckpoint, writeCheckpoint } from "../run/checkpoint.ts";
import { openMetricsLog } from "../run/metricsLog.ts";
import { type Progress, startProgress } from "../run/progress.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { WallClock } from "../run/wallClock.ts";
import type { AppliedNetwork, Objective } from "./objective.ts";
import { namedLeaves, restoreTree } from "./stateFile.ts";
import { makeTrainer, type Trainer, type TrainState } from "./trainer.ts";

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
  readonly params: MlpParams;
  /** Wall time of all its steps, by whatever processes, in s. */
  readonly seconds: number;
}

/**
 * Trains to the end from wherever the folder's checkpoint stands. Steps take their randomness from their number, so that a
 * run that was killed and resumed ends with the same bits as an unbroken one.
 */
export function runTraining(
  folder: RunFolder<TrainConfig>,
  objective: Objective,
  problem: Problem,
  teacher: MlpParams | undefined,
  display: Display = {},
): TrainedRun {
  const { config, files } = folder;
  const trainer = makeTrainer(objective, problem, config, teacher);
  const started = readCheckpoint(files.checkpoint);
  const state = started ? restoreTree(trainer.initial, started.tensors, files.checkpoint) : trainer.initial;
  const clock = new WallClock(folder.path);
  const final = advance(folder, trainer, { label: objective.name, state, done: started?.step ?? 0, display, clock });
  return { folder, network: trainer.network(final), params: final.ema.average, seconds: clock.seconds };
}

interface Start {
  readonly label: string;
  readonly state: TrainState;
  readonly done: number;
  readonly display: Display;
  readonly clock: WallClock;
}

/** Updates between two calls of onProgress. */
const reportEvery = 20;

/** A display of a training: a bar, plain lines, or whoever asked to be told. */
function displayOf({ label, done, display }: Start, steps: number): Progress {
  const { onProgress, isQuiet } = display;
  if (!onProgress) return startProgress({ label, total: steps, done, ...(isQuiet ? { plain: true } : {}) });
  const update = (step: number): void => {
    if (step % reportEvery === 0 || step === steps) onProgress(step);
  };
  return { update, finish: () => undefined };
}

function advance({ config, files }: RunFolder<TrainConfig>, trainer: Trainer, start: Start): TrainState {
  const { steps, logEvery, checkpointEvery } = config;
  if (start.done >= steps) return start.state;
  const log = openMetricsLog(files.metrics, start.done > 0 ? start.done : undefined);
  const progress = displayOf(start, steps);
  let { state } = start;
  try {
    for (let index = start.done; index < steps; index++) {
      const result = trainer.step(state, index);
      state = result.state;
      const step = index + 1;
      if (step % logEvery === 0 || step === steps) log.append({ step, loss: result.loss });
      if (step % checkpointEvery === 0 || step === steps) {
        log.sync();
        writeCheckpoint(files.checkpoint, { step, tensors: namedLeaves(state) });
        start.clock.save();
      }
      progress.update(step, `loss ${result.loss.toPrecision(3)}`);
    }
  } finally {
    progress.finish();
    log.close();
  }
  return state;
}
