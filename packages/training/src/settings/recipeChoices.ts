import type { Recipe, TimeLaw } from "@pushforward/losses";
import { decidedForm } from "../trainer/recipeTraits.ts";
import { type PresetName, presets } from "./presets.ts";
import { type RecipeSetting, recipeSettings } from "./recipeSettings.ts";
import type { SettingValues } from "./setting.ts";

/** How a training departs from a paper's recipe; the recipe's own value where a setting is absent. */
export type RecipeChoices = Readonly<Partial<SettingValues<typeof recipeSettings>>>;

const names = Object.keys(recipeSettings) as (keyof RecipeChoices)[];

/** A preset, and the settings that were chosen by hand. */
export interface PresetChoices extends RecipeChoices {
  /** Default paper: the recipe as published. */
  readonly preset?: PresetName;
  /** Steps of the training. */
  readonly steps?: number;
}

/** How a training departs from a recipe: as was chosen by hand, otherwise as the preset says. */
export function choicesOf(recipe: Recipe, { preset = "paper", steps, ...chosen }: PresetChoices): RecipeChoices {
  const preferred: RecipeChoices = presets[preset]({ recipe, steps });
  return Object.fromEntries(names.map((name) => [name, chosen[name] ?? preferred[name]]));
}

/**
 * The recipe as it is trained: each setting, chosen by hand or by the preset, overrides its part. The recipe of a velocity stays as it
 * is, since the settings are about its students.
 *
 * @param settings of a training; those that are not about recipes are left aside
 */
export function chosenRecipe(recipe: Recipe, settings: PresetChoices = {}): Recipe {
  if (recipe.network === "velocity") return recipe;
  const choices = choicesOf(recipe, settings);
  let chosen = settings.preset === "short" ? shortened(recipe) : recipe;
  for (const [name, setting] of Object.entries<RecipeSetting>(recipeSettings)) {
    const value = choices[name as keyof RecipeChoices];
    if (value !== undefined) chosen = setting.overrides(chosen, value);
  }
  return { ...chosen, form: decidedForm(chosen) ?? chosen.form };
}

/** A recipe with the start times and the factors of terms that it has for short trainings; no setting chooses these by hand. */
function shortened(recipe: Recipe): Recipe {
  const { starts, weights } = recipe.short;
  const { terms, ...started } = starts ? withStarts(recipe, starts) : recipe;
  return { ...started, terms: terms.map((term, i) => ({ ...term, weight: weights?.[i] ?? term.weight })) };
}

/** A recipe whose generator starts at other times, as do the samples that its auxiliary networks learn from. */
function withStarts(recipe: Recipe, starts: readonly number[]): Recipe {
  const changed = (timeLaw: TimeLaw): TimeLaw => (timeLaw.kind === "starts" ? { ...timeLaw, starts } : timeLaw);
  const among = <Law extends { readonly timeLaw: TimeLaw }>(network: Law | null): Law | null =>
    network && { ...network, timeLaw: changed(network.timeLaw) };
  const { fakeVelocity, critic } = recipe;
  return {
    ...recipe,
    terms: recipe.terms.map((term) => ({ ...term, timeLaw: changed(term.timeLaw) })),
    fakeVelocity: among(fakeVelocity),
    critic: among(critic),
  };
}
