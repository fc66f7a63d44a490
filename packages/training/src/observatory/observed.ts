import type { Tensor, Tree } from "@pushforward/tensor";
import type { Trainer } from "../trainer/trainer.ts";
import type { TrainState } from "../trainer/trainState.ts";
import { type Batches, batchesOf } from "./batches.ts";
import type { ExactValues } from "./exactValues.ts";
import { type Probes, probesOf } from "./probes.ts";

/** A state of a training, with everything that figures share; each part is computed for the first figure that reads it. */
export interface Observed {
  readonly trainer: Trainer;
  readonly state: TrainState;
  /** Parameters of the learnt teacher. */
  readonly teacher: Tree | null;
  /** Randomness of batches and points: the same at every observation, so that curves show the training and not new draws. */
  readonly key: Tensor;
  /** Exact average velocities at the points of batches and probes, where the problem knows them. */
  readonly exact: ExactValues | null;
  /** Gradients and values of a few batches. */
  batches(): Batches;
  /** Points at given times, and the map there. */
  probes(): Probes;
}

/** A state with the parts that figures share. */
export function observed(parts: Omit<Observed, "batches" | "probes">): Observed {
  const all: Observed = {
    ...parts,
    batches: once(() => batchesOf(all)),
    probes: once(() => probesOf(all)),
  };
  return all;
}

/** A function whose value is computed at its first call. */
function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
