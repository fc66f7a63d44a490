import { withStops } from "@pushforward/autodiff";
import type { Ema, Optimizer } from "@pushforward/nn";
import { div, foldIn, type Tensor } from "@pushforward/tensor";
import { applied } from "./appliedNetwork.ts";
import { drawBatch } from "./drawBatch.ts";
import { balancedGradient, plainGradient, type Trained, type TrainedLoss } from "./gradients.ts";
import type { Learner, LearnerStates } from "./learners/learner.ts";
import { recipeLoss, recipeParts } from "./recipeLoss.ts";
import type { Setup } from "./setup.ts";
import { stageOf } from "./stages.ts";
import type { StepInput } from "./stepInput.ts";
import { stepStreams } from "./streams.ts";
import type { TrainState } from "./trainState.ts";

/** The parts of an update, besides the setup of the training. */
export interface UpdateParts {
  readonly learners: Learner<LearnerStates>;
  readonly optimizer: Optimizer;
  /** The average that is judged. */
  readonly average: Ema;
}

/** The input of losses in one step, as a function of the parameters that they train. */
export type InputAt<P> = (trained: Trained<P>) => StepInput;

/** A state that is opened for an update: the parameters that the loss trains, the learners' states, and the input of losses. */
export interface OpenedState<P> {
  readonly at: Trained<P>;
  readonly states: LearnerStates;
  readonly input: InputAt<P>;
}

/** The step that a state is opened for. */
export interface OpenedStep<P> {
  /** Parameters of the learnt teacher. */
  readonly teacher: P | null;
  /** Randomness of the step. */
  readonly key: Tensor;
  /** Samples of the batch. */
  readonly rows: number;
}

/** Opens a state for one step: draws data, begins the learners, and gathers the input of losses. */
export function openState<P>(
  setup: Setup<P>,
  learners: Learner<LearnerStates>,
  state: TrainState<P>,
  { teacher, key, rows }: OpenedStep<P>,
): OpenedState<P> {
  const { recipe, settings, student, stageLength, teacherAt } = setup;
  const { params, optimizer: _optimizer, ema, ...before } = state;
  const { step } = ema;
  const states = learners.begin?.(before, params, step) ?? before;
  const fixed = {
    teacher: teacherAt(teacher),
    ...drawBatch(setup, key, rows),
    key: foldIn(key, stepStreams.loss),
    step,
    progress: div(step, settings.steps),
    stage: stageOf(step, stageLength, recipe.stages),
  };
  return {
    at: { student: params, learners: learners.trained?.(states) },
    states,
    input: (trained) => ({
      ...fixed,
      ...learners.input(states, trained.learners),
      student: applied(student, trained.student),
    }),
  };
}

/** Value and gradient of a recipe's loss, with the stop-gradients off that the settings switch off. */
export function lossGradient<P>(
  { recipe, settings, student }: Pick<Setup<P>, "recipe" | "settings" | "student">,
  { at, input }: Pick<OpenedState<P>, "at" | "input">,
): [Tensor, Trained<P>] {
  const losses = (recipe.balance === "gradientNorm" ? recipeParts(recipe) : [recipeLoss(recipe)]).map(
    (loss): TrainedLoss<P> =>
      (trained) =>
        loss(input(trained)),
  );
  return withStops(settings.withoutStops ?? [], () =>
    losses.length === 1 ? plainGradient(losses[0], at) : balancedGradient(losses, at, student.lastLayer),
  );
}

/** One update of the student and of the learners: a function of tensors, to be compiled. */
export const makeUpdate =
  <P>(setup: Setup<P>, { learners, optimizer, average }: UpdateParts) =>
  (state: TrainState<P>, teacher: P | null, key: Tensor): [TrainState<P>, Tensor] => {
    const opened = openState(setup, learners, state, { teacher, key, rows: setup.settings.batch });
    const [loss, gradient] = lossGradient(setup, opened);
    const [params, memory] = optimizer.update(gradient.student as never, state.optimizer, state.params);
    const update = { student: params, gradient: gradient.learners };
    const states = learners.after?.(opened.states, update) ?? opened.states;
    return [{ ...states, params, optimizer: memory, ema: average.update(state.ema, params) }, loss];
  };
