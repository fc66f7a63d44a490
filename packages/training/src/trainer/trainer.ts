import { flowMapForms } from "@pushforward/flows";
import type { Recipe } from "@pushforward/losses";
import { ema, type FlowNetwork } from "@pushforward/nn";
import {
  asTensor,
  type BackendName,
  backends,
  compile,
  DomainError,
  DTypeError,
  foldIn,
  key,
  mustBe,
  ready,
  type Tensor,
  type TensorLike,
  type Tree,
} from "@pushforward/tensor";
import { checkProblem } from "../problems/checkProblem.ts";
import type { Problem } from "../problems/problem.ts";
import { defaultOf } from "../settings/describeSetting.ts";
import type { Setting } from "../settings/setting.ts";
import { type TrainingSettings, trainingSettings } from "../settings/trainingSettings.ts";
import { type AppliedNetwork, applied } from "./appliedNetwork.ts";
import { atLabels } from "./atLabels.ts";
import { isScale, takesScales } from "./guidance.ts";
import { usualLabels } from "./labels.ts";
import type { StepMetrics } from "./learners/learner.ts";
import { learnersOf } from "./learners/learnersOf.ts";
import { averageDecay, type Setup, setupOf, studentRate, type TrainerOptions } from "./setup.ts";
import { stepStreams, streams } from "./streams.ts";
import type { TrainState } from "./trainState.ts";
import { makeUpdate, type OpenedState, openState } from "./update.ts";

/** The result of a step: the state after it, its loss and its metrics. */
export interface StepResult<P = Tree> {
  readonly state: TrainState<P>;
  /** A loss that is not finite means that the update is of no use. */
  readonly loss: number;
  readonly metrics: StepMetrics;
}

/** A training that goes step by step: its start, and one compiled update. */
export interface Trainer<P = Tree> {
  readonly recipe: Recipe;
  readonly problem: Problem;
  readonly settings: TrainingSettings;
  /** The student's network. */
  readonly student: FlowNetwork<P>;
  /** Parameters of the learnt teacher. */
  readonly teacher?: P;
  readonly initial: TrainState<P>;
  /** Randomness of a step; steps count from 0. */
  keyOf(index: number): Tensor;
  /** One update; `index` chooses the randomness. */
  step(state: TrainState<P>, index: number): Promise<StepResult<P>>;
  /** Measured figures of the learners after the update `index`, such as how far auxiliary networks lag behind the student. */
  measure(state: TrainState<P>, index: number): Promise<StepMetrics>;
  /**
   * The input of the losses of a step at a state: a function of tensors, for programs that are compiled beside the update.
   *
   * @param teacher parameters of the learnt teacher, an argument of such a program
   * @param rows    samples of the batch; default those of a step
   */
  open(state: TrainState<P>, teacher: P | null, key: Tensor, rows?: number): OpenedState<P>;
  /** The GPU that it runs on, once a step was made; undefined on the CPU. */
  device(): string | undefined;
  /** Memory that the compiled update keeps, in bytes, once a step was made; 0 for the reference backend. */
  bytes(): number;
  /**
   * The network at the averaged parameters, as the average velocity that it stands for: compiled, for evaluation. Where points have labels, it
   * takes labels int32[n] after its times; without them row i has the label of the held-out point i, counted round. With `guidance.max` it takes
   * a scale of guidance after the labels; without it the scale is that of the recipe.
   */
  network(state: TrainState<P>): AppliedNetwork;
}

/**
 * Prepares a training: network, optimiser, learners beside the student, and the whole update as one compiled function.
 *
 * @param recipe as it is trained, with all choices made: see `chosenRecipe`
 * @throws DomainError if there are fewer steps than stages need, or the exact velocity is to be distilled and not known
 */
export function makeTrainer<P = Tree>(
  recipe: Recipe,
  problem: Problem,
  settings: TrainingSettings,
  options: TrainerOptions<P> = {},
): Trainer<P> {
  mustBe("makeTrainer", "the recipe", recipe, "object");
  mustBe("makeTrainer", "terms of the recipe", recipe.terms, "list");
  checkProblem("makeTrainer", problem);
  checkComplete(settings);
  const setup = setupOf(recipe, problem, settings, options);
  const { student, teacher } = setup;
  const params = initialParams(setup);
  const learners = learnersOf(setup, params);
  const optimizer = setup.optimizerAt(studentRate(setup as Setup<never>));
  const average = ema({ decay: averageDecay({ recipe, settings }), warmup: true });
  const evaluate = evaluator(setup);
  const update = compile(makeUpdate(setup, { learners, optimizer, average }), { backend: settings.backend });
  const keyOf = (index: number): Tensor => foldIn(foldIn(key(settings.seed), streams.steps), index);
  const beside = ({ params: _params, optimizer: _optimizer, ema: _ema, ...states }: TrainState<P>) => states;
  return {
    ...{ recipe, problem, settings, student, teacher, keyOf },
    initial: { ...learners.initial, params, optimizer: optimizer.init(params), ema: average.init(params) },
    async step(state, index) {
      const k = keyOf(index);
      const before = await learners.before?.(beside(state), state.params, foldIn(k, stepStreams.before));
      const [next, loss] = await ready(update({ ...state, ...before?.state }, teacher ?? null, k));
      return { state: next, loss: loss.item(), metrics: before?.metrics ?? {} };
    },
    measure: async (state, index) =>
      (await learners.measure?.(beside(state), state.params, foldIn(keyOf(index), stepStreams.measure))) ?? {},
    open: (state, taught, k, rows = settings.batch) =>
      openState(setup, learners, state, { teacher: taught, key: k, rows }),
    device: () => update.report().device,
    bytes: () => update.report().bytes,
    network: (state) => evaluate(state.ema.average),
  };
}

/** @throws DTypeError about a setting that has a default and is not given: a trainer gets settings as a parser returns them */
function checkComplete(settings: TrainingSettings): void {
  mustBe("makeTrainer", "the settings", settings, "object");
  for (const [name, setting] of Object.entries<Setting>(trainingSettings)) {
    if (settings[name as keyof TrainingSettings] !== undefined || defaultOf(setting) === undefined) continue;
    throw new DTypeError(
      `makeTrainer: the settings must have ${name}; complete them by parseTrainingSettings(settings)`,
    );
  }
}

/** The student's starting parameters: its own, or those of the teacher. */
function initialParams<P>({ recipe, settings, student, teacher }: Setup<P>): P {
  if (recipe.init === "teacher" && teacher !== undefined) return student.startingAs(teacher);
  return student.init(foldIn(key(settings.seed), streams.init), { dtype: settings.dtype });
}

/** The student as the average velocity that it stands for: compiled once, for any parameters. */
function evaluator<P>(setup: Setup<P>): (params: P) => AppliedNetwork {
  const { recipe, problem, settings, student, teacher, teacherAt } = setup;
  const count = recipe.network === "velocity" ? 1 : 2;
  const { classes } = problem;
  const run = compile(
    (params: P, taught: P | null, x: Tensor, ...rest: Tensor[]) => {
      const [times, given, scale] = [rest.slice(0, count), rest[count], rest[count + 1]];
      const labels = given && { given, classes: classes?.names.length ?? 0, ...(scale && { scales: scale }) };
      const networks = { student: applied(student, params), teacher: teacherAt(taught) ?? withoutTeacher(recipe) };
      const bound = atLabels({ ...networks, labels }, recipe.guidance);
      if (recipe.form === "firstOrder") return bound.student(x, ...times);
      return (flowMapForms[recipe.form](bound.student, bound.teacher, recipe) as AppliedNetwork)(x, ...times);
    },
    { backend: immediate(settings.backend) },
  );
  return (params) =>
    (x, ...given) => {
      const labels = given[count] ?? (classes && usualLabels(classes, x.shape[0]));
      const scales = takesScales(recipe, problem) ? [scaleOf(recipe, given[count + 1], x)] : given.slice(count + 1);
      const all = [...given.slice(0, count), ...(labels === undefined ? [] : [labels]), ...scales] as Tensor[];
      return run(params, teacher ?? null, x, ...all) as Tensor;
    };
}

/**
 * A scale of guidance as the network takes it, by default that of the recipe.
 *
 * @throws DomainError for a scale that the training did not draw, of values that can be read
 */
function scaleOf({ guidance, name }: Recipe, given: TensorLike | undefined, x: Tensor): Tensor {
  const { max = 1, scale: usual = 1 } = guidance ?? {};
  const scale = asTensor(given ?? usual).cast(x.dtype);
  const bad = scale.readable
    ? scale.concrete(name).buffer.find((value) => !isScale(value, Math.max(max, Math.fround(max))))
    : undefined;
  if (bad === undefined) return scale;
  throw new DomainError(`${name}: a scale of guidance must be from 1 to ${max}, as it was trained, got ${bad}`);
}

const withoutTeacher =
  ({ name }: Recipe): AppliedNetwork =>
  () => {
    throw new DomainError(`${name}: its second-order form samples with the teacher's velocity; give one`);
  };

/** Samples are drawn and judged step by step: where a backend's results are awaited, the CPU does it. */
export const immediate = (backend: BackendName): BackendName => (Object.hasOwn(backends, backend) ? backend : "wasm");
