import { type Recipe, recipes, teacherRecipe } from "@pushforward/losses";
import { DomainError, mustBeOneOf } from "@pushforward/tensor";
import { chosenRecipe, type PresetChoices } from "@pushforward/training";
import { recipeOf, type Sources } from "../sources/source.ts";

/** Everything that `train` can train, by name: the recipe of each loss, and the velocity teacher. */
const trained: Readonly<Record<string, Recipe>> = { ...recipes, [teacherRecipe.name]: teacherRecipe };

/** Names of everything that `train` can train. */
export const trainedNames: readonly string[] = Object.keys(trained);

/** What decides the recipe of a training. */
export type RecipeSource = PresetChoices & { readonly loss: string; readonly sources?: Sources };

/**
 * The recipe of a name as a run's settings change it. Presets do not apply to the recipe of a file, which is trained as it is written.
 *
 * @throws DomainError that names the closest ones
 */
export function trainedRecipe({ loss, sources = {}, ...settings }: RecipeSource): Recipe {
  if (Object.hasOwn(sources, loss)) {
    return chosenRecipe(recipeOf(loss, sources[loss]), { ...settings, preset: "paper" });
  }
  if (Object.hasOwn(trained, loss)) return chosenRecipe(trained[loss], settings);
  throw new DomainError(`train: loss ${mustBeOneOf(loss, trainedNames, "pushforward losses lists them")}`);
}
