import { type AnyLoss, firstRecipes, type LossName, type Recipe } from "@pushforward/losses";
import { loaded } from "./loaded.ts";

/**
 * The recipe of a loss. The losses of the first scenes are in the script of a worker; all others are loaded together, so that the first
 * picture does not wait longer the more losses there are.
 *
 * @throws Error with a sentence if the others did not load
 */
export async function recipeOf(loss: string): Promise<Recipe> {
  if (Object.hasOwn(firstRecipes, loss)) return firstRecipes[loss as keyof typeof firstRecipes];
  const { recipes } = await loaded(`The loss ${loss}`, import("./moreRecipes.ts"));
  return recipes[loss as LossName];
}

/**
 * The loss of a name, which is the last of its recipe.
 *
 * @throws Error as `recipeOf`
 */
export async function lossOf(name: string): Promise<AnyLoss> {
  const { terms } = await recipeOf(name);
  return terms[terms.length - 1].loss;
}
