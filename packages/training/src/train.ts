import { type FlowMap, firstOrderFlowMap } from "@pushforward/flows";
import { type Recipe, teacherRecipe } from "@pushforward/losses";
import { DomainError, mustBe, mustBeOneOf, optionsOf, type Tree } from "@pushforward/tensor";
import { nextTurn } from "./nextTurn.ts";
import { checkProblem } from "./problems/checkProblem.ts";
import type { Problem } from "./problems/problem.ts";
import { type Sampler, samplerOf } from "./samplers.ts";
import { chosenRecipe } from "./settings/recipeChoices.ts";
import { parseTrainingSettings, type TrainingSettings } from "./settings/trainingSettings.ts";
import type { AppliedNetwork } from "./trainer/appliedNetwork.ts";
import { needsLearntTeacher } from "./trainer/exactTeacher.ts";
import { causeOfDivergence, diverged, type StepStart } from "./trainer/firstNonFinite.ts";
import type { StepMetrics } from "./trainer/learners/learner.ts";
import type { MakeNetwork } from "./trainer/networkUse.ts";
import { stopLabels } from "./trainer/recipeTraits.ts";
import { makeTrainer, type Trainer } from "./trainer/trainer.ts";
import type { TrainState } from "./trainer/trainState.ts";

/** A finished update. */
export interface TrainUpdate<P = Tree> {
  /** Name of the recipe that is trained: the teacher's comes first, where one is needed. */
  readonly recipe: string;
  /** Updates done, and updates in all. */
  readonly done: number;
  readonly steps: number;
  readonly loss: number;
  readonly metrics: StepMetrics;
  readonly state: TrainState<P>;
}

/** How to train besides the settings. */
export interface TrainOptions<P = Tree> {
  /** Parameters of a learnt velocity; without them a training learns the teacher that it needs. */
  readonly teacher?: P;
  /** Makes the networks; default those that the settings name. */
  readonly makeNetwork?: MakeNetwork<P>;
  /** Called after each update; the training waits for a Promise that it returns. */
  onUpdate?(update: TrainUpdate<P>): void | Promise<void>;
  /** Ends the training before its next update: `train` then throws the reason of the signal. */
  readonly signal?: AbortSignal;
}

/** A finished training. */
export interface TrainedFlow<P = Tree> {
  /** The recipe with all choices made. */
  readonly recipe: Recipe;
  readonly problem: Problem;
  readonly settings: TrainingSettings;
  /** The averaged parameters. */
  readonly params: P;
  /** The network at the averaged parameters: v(x, t), or the average velocity u(x, s, t). */
  readonly network: AppliedNetwork;
  /** Φ(x, s, t) = x + (t − s)·u(x, s, t); undefined for a velocity. */
  readonly flowMap?: FlowMap;
  /** Moves noise [n, dim] to data in a number of steps. */
  readonly sample: Sampler;
  /** Loss and metrics of each update. */
  readonly losses: readonly number[];
  readonly metrics: readonly StepMetrics[];
  /** The state after the last update. */
  readonly state: TrainState<P>;
  readonly trainer: Trainer<P>;
  /** The teacher that was learnt for this training. */
  readonly teacher?: TrainedFlow<P>;
}

/**
 * Trains a recipe on a problem. Equal recipe, problem, settings and backend give equal bits, in Node and in pages.
 *
 * @param settings those that differ from the defaults of `trainingSettings`
 * @throws DomainError about a setting, a stop-gradient that the losses do not have, or a loss that stopped being finite
 */
export async function train<P = Tree>(
  recipe: Recipe,
  problem: Problem,
  settings: Partial<TrainingSettings> = {},
  options: TrainOptions<P> = {},
): Promise<TrainedFlow<P>> {
  mustBe("train", "the recipe", recipe, "object");
  checkProblem("train", problem);
  const all = parseTrainingSettings(settings);
  const chosen = chosenRecipe(recipe, all);
  checkStops(chosen, all);
  const { teacher, onUpdate, makeNetwork } = optionsOf("train", options);
  for (const [name, value] of Object.entries({ onUpdate, makeNetwork }))
    if (value !== undefined) mustBe("train", name, value, "function");
  const isTaught = teacher === undefined && needsLearntTeacher(chosen, all);
  const learnt = isTaught ? await train(teacherRecipe, problem, teacherSettings(all), options) : undefined;
  const trainer = makeTrainer(chosen, problem, all, { ...options, teacher: teacher ?? learnt?.params });
  return { ...(await runTrainer(trainer, options)), teacher: learnt };
}

/** The settings of the teacher of a training. */
export const teacherSettings = <Settings extends TrainingSettings>(settings: Settings): Settings => ({
  ...settings,
  steps: settings.teacherSteps,
  teacherVelocity: undefined,
  withoutStops: undefined,
});

/** @throws DomainError that lists the stop-gradients there are */
function checkStops(recipe: Recipe, { withoutStops = [] }: TrainingSettings): void {
  const known = stopLabels(recipe);
  const unknown = withoutStops.find((label) => !known.includes(label));
  if (unknown === undefined) return;
  const allowed =
    known.length > 0 ? mustBeOneOf(unknown, known) : `must be left out: ${recipe.name} has no stop-gradient`;
  throw new DomainError(`train: withoutStops ${allowed}`);
}

/** Milliseconds of updates between two turns of the event loop: a page stays awake. */
const longestTurn = 12;

/** Takes all steps of a trainer. */
async function runTrainer<P>(trainer: Trainer<P>, { onUpdate, signal }: TrainOptions<P>): Promise<TrainedFlow<P>> {
  const { recipe, problem, settings, initial } = trainer;
  const [losses, metrics]: [number[], StepMetrics[]] = [[], []];
  let state = initial;
  let before: StepStart<P> | undefined;
  let turn = performance.now();
  for (let done = 1; done <= settings.steps; done++) {
    signal?.throwIfAborted();
    const result = await trainer.step(state, done - 1);
    if (!Number.isFinite(result.loss))
      throw diverged(trainer, done, causeOfDivergence(trainer, [before, { state, index: done - 1 }]));
    if (settings.debugNans) before = { state, index: done - 1 }; // nothing else needs the state before the last
    state = result.state;
    losses.push(result.loss);
    metrics.push(result.metrics);
    const { loss, metrics: found } = result;
    await onUpdate?.({ recipe: recipe.name, done, steps: settings.steps, loss, metrics: found, state });
    if (performance.now() - turn < longestTurn) continue;
    await nextTurn();
    turn = performance.now();
  }
  const network = trainer.network(state);
  const map = recipe.network === "velocity" ? {} : { flowMap: firstOrderFlowMap(network) };
  const sample = samplerOf(recipe, network);
  return {
    recipe,
    problem,
    settings,
    params: state.ema.average,
    network,
    ...map,
    sample,
    losses,
    metrics,
    state,
    trainer,
  };
}
