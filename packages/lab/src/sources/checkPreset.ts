import { DomainError } from "@pushforward/tensor";
import { lossOfVariant } from "@pushforward/training";
import { variantNamed } from "../training/trainedRecipe.ts";
import type { Sources } from "./source.ts";

/**
 * Refuses a preset that would apply to no recipe: that of the variant of a recipe's file, and that of the option where all recipes are of
 * files. Such recipes are trained as they are written.
 *
 * @param names  variants that were validated
 * @param preset of the option
 * @throws DomainError that says what to do instead
 */
export function checkPreset(
  operation: string,
  names: readonly string[],
  sources: Sources = {},
  { preset }: { readonly preset?: unknown } = {},
): void {
  const written = names.filter((name) => sources[lossOfVariant(name)]?.recipe !== undefined);
  for (const name of written) {
    const { preset: own } = variantNamed(name, sources).settings;
    if (own !== undefined) throw refusal(operation, `preset=${own} of ${name}`, own);
  }
  if (preset !== undefined && written.length > 0 && written.length === names.length) {
    throw refusal(operation, "--preset", preset);
  }
}

const refusal = (operation: string, where: string, preset: unknown): DomainError =>
  new DomainError(
    `${operation}: ${where} must be left out, because the recipe of a file is trained as it is written; pushforward recipe <loss> --preset ${preset} writes the recipe with this preset`,
  );
