import type { Recipe } from "@pushforward/losses";
import { type ChosenRecipe, decidedForm } from "../trainer/chosenRecipe.ts";
import { type PresetName, presets } from "./presets.ts";
import { type RecipeSetting, recipeSettings } from "./recipeSettings.ts";
import type { SettingValues } from "./setting.ts";

/** How a training departs from a paper's recipe; the recipe's own value where a setting is absent. */
export type RecipeChoices = Readonly<Partial<SettingValues<typeof recipeSettings>>>;

const names = Object.keys(recipeSettings) as (keyof RecipeChoices)[];

/** A preset, and the settings that were chosen by hand. */
export interface PresetChoices extends RecipeChoices {
  readonly preset: PresetName;
  /** Steps of the training. */
  readonly steps?: number;
}

/**
 * How a training departs from the recipe of a loss: as was chosen by hand, otherwise as the preset says.
 *
 * @param loss name of the loss
 */
export function choicesOf(loss: string, { preset, steps, ...chosen }: PresetChoices): RecipeChoices {
  const preferred: RecipeChoices = presets[preset]({ loss, steps });
  return Object.fromEntries(names.map((name) => [name, chosen[name] ?? preferred[name]]));
}

/** The recipe as it is trained: each choice overrides its part. */
export function chosenRecipe(recipe: Recipe, choices: RecipeChoices = {}): ChosenRecipe {
  let chosen: ChosenRecipe = { ...recipe, form: decidedForm(recipe) ?? recipe.form, isRectified: false };
  for (const [name, setting] of Object.entries<RecipeSetting>(recipeSettings)) {
    const value = choices[name as keyof RecipeChoices];
    if (value !== undefined) chosen = setting.overrides(chosen, value);
  }
  return chosen;
}
