import type { EmaState, OptimizerState } from "@pushforward/nn";
import type { Tree } from "@pushforward/tensor";
import type { LearnerStates } from "./learners/learner.ts";

/** The student of a training. */
export interface StudentState<P = Tree> {
  readonly params: P;
  readonly optimizer: OptimizerState<P>;
  /** Averaged parameters, which are judged. */
  readonly ema: EmaState<P>;
}

/**
 * Everything that changes in a training: the student, and beside it the state of each learner by its name. It is a tree of tensors, so it
 * is a checkpoint; the path of a tensor in the tree is its name there.
 */
export type TrainState<P = Tree> = StudentState<P> & LearnerStates;
