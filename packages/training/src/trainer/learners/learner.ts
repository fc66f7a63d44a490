import type { Tensor, Tree } from "@pushforward/tensor";
import type { StepInput } from "../stepInput.ts";

/** Numbers that a step reports, by name. */
export type StepMetrics = Readonly<Record<string, number>>;

/** States of learners, by their names. */
export type LearnerStates = Readonly<Record<string, Tree>>;

/**
 * A part of a training that has a state of its own beside the student: averaged parameters, the student of the stage before, weights of
 * the samples, an auxiliary network. `begin`, `input`, `trained` and `after` are functions of tensors, called within the compiled update.
 */
export interface Learner<State = Tree> {
  /** Its place in the state of the training. */
  readonly name: string;
  readonly initial: State;
  /** Its updates before the student's update, by compiled functions of its own. */
  before?(state: State, student: Tree, key: Tensor): Promise<{ readonly state: State; readonly metrics: StepMetrics }>;
  /** Its state at the beginning of the student's update; without it the state as it is. */
  begin?(state: State, student: Tree, step: Tensor): State;
  /** Its parameters that are trained by the loss of the student. */
  trained?(state: State): Tree;
  /**
   * Its part of the input of losses, with stopped parameters.
   *
   * @param trained parameters in the place of `trained(state)`, which are not stopped
   */
  input(state: State, trained?: Tree): Partial<StepInput>;
  /** Its state after the student's update; without it the state as it began. */
  after?(state: State, update: StudentUpdate): State;
  /** Its measured figures after an update. */
  measure?(state: State, student: Tree, key: Tensor): Promise<StepMetrics>;
}

/** A finished update of the student, as learners see it. */
export interface StudentUpdate {
  /** The student's new parameters. */
  readonly student: Tree;
  /** The gradient of the learner's own trained parameters. */
  readonly gradient?: Tree;
}
