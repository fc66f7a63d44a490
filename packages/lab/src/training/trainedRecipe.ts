import { type Recipe, recipes, teacherRecipe } from "@pushforward/losses";
import { DomainError, mustBeOneOf } from "@pushforward/tensor";
import { chosenRecipe, type PresetChoices } from "@pushforward/training";

/** Everything that `train` can train, by name: the recipe of each loss, and the velocity teacher. */
const trained: Readonly<Record<string, Recipe>> = { ...recipes, [teacherRecipe.name]: teacherRecipe };

/** Names of everything that `train` can train. */
export const trainedNames: readonly string[] = Object.keys(trained);

/**
 * The recipe of a name as a run's settings change it.
 *
 * @throws DomainError that names the closest ones
 */
export function trainedRecipe({ loss, ...settings }: PresetChoices & { readonly loss: string }): Recipe {
  if (Object.hasOwn(trained, loss)) return chosenRecipe(trained[loss], settings);
  throw new DomainError(`train: loss ${mustBeOneOf(loss, trainedNames, "pushforward losses lists them")}`);
}
