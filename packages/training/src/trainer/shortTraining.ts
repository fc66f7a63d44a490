import { type LossName, losses, recipes } from "@pushforward/losses";
import type { RecipeChoices } from "./recipePlan.ts";

/**
 * How recipes change for a few thousand steps of a small network: a teacher's velocity has no noise, uniform times reach
 * long intervals early, targets follow the network closely, and large errors keep more of their pull. Each was found by
 * trying on eight Gaussians for 2000 steps: full adaptive weights leave MeanFlow with four times the energy distance.
 */
const shortChoices: RecipeChoices = { velocity: "teacher", times: "uniform", targetEma: 0.95, adaptivePower: 0.5 };

/**
 * Shares of the batch off the diagonal, where a recipe's own is not the best for a short training. More than half makes
 * self-distillation by LSD run away: off the diagonal it follows its own velocity wherever that leads.
 */
const shortOffDiagonal: Partial<Record<LossName, number>> = { meanFlow: 0.75, shortcut: 0.5 };

/** Learned weights favour times near the data, which are easy, before times near the noise have learnt: ten times the energy distance. */
const unweighted: RecipeChoices = { learnedWeights: "off" };

/**
 * Alternation: the samples' own velocity must follow faster than the student moves. With one rate for both and one update each it
 * lags by more than there is to learn: the energy distance of integrated KL is then 0.014 instead of 0.002, of SiD (α = 1.2) 0.1
 * instead of 0.003, and of SiD (α = ½), which relies on it most, 0.8. A ratio that is differentiated wants a critic that is ahead,
 * too: after 500 steps Uni-Instruct with the exact Jeffreys divergence is at 0.02 instead of 0.06.
 */
const shortAlternation: RecipeChoices = { studentRate: 0.25, fakeUpdates: 2, criticUpdates: 3 };

/** Whether a training is short or follows the paper, and what a person chose by hand. */
export interface PresetChoices extends RecipeChoices {
  readonly preset: "short" | "paper";
  /** Steps of the training, which a short one's warm-up fills half of. */
  readonly steps?: number;
}

/** Whether other networks learn along with a loss's student. */
const alternates = (loss: string): boolean =>
  Object.hasOwn(recipes, loss) &&
  (recipes[loss as LossName].fakeVelocity !== null || recipes[loss as LossName].critic !== null);

/** How a training departs from the recipe of a loss: by the preset, and then by what was chosen by hand. */
export function choicesOf(loss: string, { preset, steps, ...chosen }: PresetChoices): RecipeChoices {
  if (preset === "paper") return chosen;
  const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
  const isWeighted = Object.hasOwn(losses, loss) && losses[loss as LossName].weighting.kind === "learned";
  const warmup = steps === undefined ? {} : { warmupSteps: Math.ceil(steps / 2) };
  return {
    ...shortChoices,
    offDiagonal: shortOffDiagonal[loss as LossName],
    ...warmup,
    ...(isWeighted ? unweighted : {}),
    ...(alternates(loss) ? shortAlternation : {}),
    ...given,
  };
}
