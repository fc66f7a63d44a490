import { type Recipe, recipes, teacherRecipe } from "@pushforward/losses";
import { DomainError, mustBeOneOf } from "@pushforward/tensor";
import {
  chosenRecipe,
  lossOfVariant,
  type PresetChoices,
  parseVariant,
  stopLabels,
  type Variant,
} from "@pushforward/training";
import { recipeOf, type Sources } from "../sources/source.ts";

/** Everything that `train` can train, by name: the recipe of each loss, and the velocity teacher. */
const trained: Readonly<Record<string, Recipe>> = { ...recipes, [teacherRecipe.name]: teacherRecipe };

/** Names of everything that `train` can train. */
export const trainedNames: readonly string[] = Object.keys(trained);

/** Settings that decide the recipe of a training. */
export type RecipeSource = PresetChoices & { readonly loss: string; readonly sources?: Sources };

/** The labels of the stop-gradients of a recipe, by the name of its loss or of its file. */
export const stopsOfLoss = (loss: string, sources?: Sources): readonly string[] =>
  stopLabels(recipeNamed(loss, sources));

/** The variant that a name such as `meanFlow@-target` stands for. */
export const variantNamed = (name: string, sources?: Sources): Variant =>
  parseVariant(name, (loss) => stopsOfLoss(loss, sources));

/**
 * The recipe of a variant as a run's settings change it; the settings of the variant are among them. Presets do not apply to a recipe in
 * JSON, which is trained as it is written.
 *
 * @throws DomainError that names the closest ones
 */
export function trainedRecipe({ loss: variant, sources = {}, ...settings }: RecipeSource): Recipe {
  const loss = lossOfVariant(variant);
  const isWritten = Object.hasOwn(sources, loss) && sources[loss].recipe !== undefined;
  return chosenRecipe(recipeNamed(loss, sources), isWritten ? { ...settings, preset: "paper" } : settings);
}

/** The recipe of a name, as it is published or as a file defines it. */
function recipeNamed(loss: string, sources: Sources = {}): Recipe {
  if (Object.hasOwn(sources, loss)) return recipeOf(loss, sources[loss]);
  if (Object.hasOwn(trained, loss)) return trained[loss];
  throw new DomainError(`train: loss ${mustBeOneOf(loss, trainedNames, "pushforward losses lists them")}`);
}
