import { optionsOf } from "@pushforward/tensor";
import type { Recipe } from "./recipe.ts";
import { checkTerms, type Term } from "./term.ts";

/** A recipe as plain data: each term names its loss. */
export interface RecipeJson extends Omit<Recipe, "terms"> {
  readonly terms: readonly (Omit<Term, "loss"> & { readonly loss: string })[];
}

/** A recipe for files: names replace the losses. */
export function recipeJson(recipe: Recipe): RecipeJson {
  const { terms } = optionsOf("recipeJson", recipe);
  checkTerms("recipeJson", terms);
  return { ...recipe, terms: terms.map((term) => ({ ...term, loss: term.loss.name })) };
}
