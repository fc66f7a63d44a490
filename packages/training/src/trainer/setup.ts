import type { Recipe } from "@pushforward/losses";
import { adam, type FlowNetwork, type Optimizer, type Schedule, withClipping } from "@pushforward/nn";
import { asTensor, less, mul, type Tree, where } from "@pushforward/tensor";
import type { Problem } from "../problems/problem.ts";
import type { TrainingSettings } from "../settings/trainingSettings.ts";
import { type AppliedNetwork, frozen } from "./appliedNetwork.ts";
import { checkGroups } from "./checkGroups.ts";
import { checkSteps } from "./checkSteps.ts";
import { exactTeacherOf, startsFromTeacher } from "./exactTeacher.ts";
import { checkGuidance, takesScales } from "./guidance.ts";
import { frequencyOf, networksOf } from "./networks.ts";
import type { MakeNetwork, NetworkKind } from "./networkUse.ts";
import { rateOf } from "./rateOf.ts";
import { stageLength, stepInStage } from "./stages.ts";

/** Options of a training, besides recipe, problem and settings. */
export interface TrainerOptions<P = Tree> {
  /** Parameters of the velocity that the recipe distils, or begins as where it distils the exact one. */
  readonly teacher?: P;
  /** Default: the networks that the settings name. */
  readonly makeNetwork?: MakeNetwork<P>;
}

/** The values that all parts of a training have in common. */
export interface Setup<P = Tree> {
  readonly recipe: Recipe;
  readonly problem: Problem;
  readonly settings: TrainingSettings;
  readonly student: FlowNetwork<P>;
  /** An auxiliary network, with the frequencies of the teacher, which it may begin as. */
  auxiliary(kind: NetworkKind): FlowNetwork<P>;
  /** Parameters of the learnt teacher. */
  readonly teacher?: P;
  /** The teacher at given parameters, or the exact velocity where that is distilled; undefined without either. */
  teacherAt(params: P | null): AppliedNetwork | undefined;
  /** Updates of a stage. */
  readonly stageLength: number;
  /** Learning rate of the training by its step. */
  readonly learningRate: Schedule;
  /** Makes an optimiser at a learning rate. */
  optimizerAt(rate: Schedule): Optimizer;
}

/**
 * Gathers the values that all parts of a training have in common.
 *
 * @throws DomainError if there are fewer steps than the stages or the warm-up need, a term has no whole groups of the batch, networks do not take the
 *         scale of guidance, or the exact velocity is to be distilled and not known
 */
export function setupOf<P = Tree>(
  recipe: Recipe,
  problem: Problem,
  settings: TrainingSettings,
  { teacher, makeNetwork = networksOf(settings) as MakeNetwork<P> }: TrainerOptions<P> = {},
): Setup<P> {
  checkSteps(recipe, settings);
  checkGroups(recipe, settings);
  checkGuidance(recipe);
  const { stages } = recipe;
  const length = stageLength(settings.steps, stages);
  const { dim } = problem;
  const rate = rateOf(recipe.schedule, settings.learningRate, length);
  const [beta1, beta2] = recipe.betas;
  const use = {
    dim,
    ...(problem.classes && { classes: problem.classes.names.length }),
    ...(problem.image && { image: problem.image }),
  };
  const learnt = { ...use, guidance: takesScales(recipe, problem) };
  const velocity = makeNetwork("velocity", { ...use, maxFrequency: null });
  const exact = startsFromTeacher(recipe) ? undefined : exactTeacherOf(problem, settings);
  return {
    ...{ recipe, problem, settings, teacher, stageLength: length },
    student: makeNetwork(recipe.network, { ...learnt, maxFrequency: frequencyOf(recipe) }),
    auxiliary: (kind) => makeNetwork(kind, { ...learnt, maxFrequency: null }),
    teacherAt: (params) => exact ?? (params === null ? undefined : frozen(velocity, params, "teacher")),
    learningRate: (step) => rate(stepInStage(asTensor(step), length, stages)),
    optimizerAt: (learningRate) => withClipping(adam({ learningRate, beta1, beta2 }), settings.clipNorm),
  };
}

/** The student's learning rate by its step: 0 while it waits for its auxiliary networks. */
export const studentRate =
  ({ recipe, settings, learningRate }: Setup<never>): Schedule =>
  (step) => {
    const rate = mul(recipe.rate, learningRate(step));
    return recipe.frozen === 0 ? rate : where(less(mul(step, settings.batch), recipe.frozen), 0, rate);
  };

/** Decay of the averaged parameters that are judged: half the weight after the half-life of the recipe, where it has one. */
export const averageDecay = ({ recipe, settings }: Pick<Setup<never>, "recipe" | "settings">): number =>
  recipe.emaHalfLife === null ? settings.ema : 2 ** (-settings.batch / recipe.emaHalfLife);
