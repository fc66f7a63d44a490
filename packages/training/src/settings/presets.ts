import type { Recipe } from "@pushforward/losses";
import type { RecipeChoices } from "./recipeChoices.ts";

/** The input of a preset. */
interface PresetInput {
  readonly recipe: Pick<Recipe, "short">;
  readonly steps?: number;
}

/** The settings of a recipe that each preset chooses; a setting chosen by hand comes before the preset's. */
export const presets = {
  /**
   * Recipes for a few thousand steps of a small network. Each value was found by trying on eight Gaussians for 2000 steps.
   *
   * - A teacher's velocity has no noise, uniform times reach long intervals early, targets follow the network closely.
   * - Adaptive weights keep more of the pull of large errors: full ones leave MeanFlow with four times the energy distance.
   * - Learned weights favour times near the data, which are easy, before times near the noise have been learnt: with them the energy
   *   distance is ten times as large.
   * - Auxiliary networks: the velocity of the samples must follow faster than the student moves. With one rate for both and one update
   *   each it lags by more than there is to learn: the energy distance of integrated KL is then 0.014 instead of 0.002, of SiD (α = 1.2)
   *   0.1 instead of 0.003, and of SiD (α = ½), which relies on it most, 0.8. A ratio that is differentiated needs a critic that is
   *   ahead, too: after 500 steps Uni-Instruct with the exact Jeffreys divergence is at 0.02 instead of 0.06.
   * - A warm-up of the loss fills half of the training.
   * - Adam has its usual decays, and averages that are judged follow closely: β₁ = 0 and half-lives of half a million samples suit trainings
   *   of weeks.
   * - A recipe adds settings of its own (`short`): its fraction off the diagonal, its start, its factors of terms, its ratio.
   */
  short: ({
    recipe: {
      short: { starts: _, weights: __, ...own },
    },
    steps,
  }) => ({
    velocity: "teacher",
    times: "uniform",
    targetEma: 0.95,
    adaptivePower: 0.5,
    learnedWeights: "off",
    optimizer: "usual",
    studentRate: 0.25,
    fakeUpdates: 2,
    criticUpdates: 3,
    warmupSteps: steps && Math.ceil(steps / 2),
    ...own,
  }),
  /** Every recipe as published. */
  paper: () => ({}),
} satisfies Record<string, (input: PresetInput) => RecipeChoices>;

/** The name of a preset. */
export type PresetName = keyof typeof presets;
