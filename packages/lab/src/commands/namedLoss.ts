import { type AnyLoss, type LossName, losses, type Recipe, recipes } from "@pushforward/losses";
import { DomainError, mustBeOneOf } from "@pushforward/tensor";
import { chosenRecipe, lossOfVariant, parseVariant, type Variant } from "@pushforward/training";
import { checkStops, switchedOff } from "../experiments/stops.ts";
import { checkPreset } from "../sources/checkPreset.ts";
import { readNames } from "../sources/readSources.ts";
import { mainLoss, recipeOf } from "../sources/source.ts";

/** Names that commas separate. */
export const listOf = (names = ""): string[] => names.split(",").filter((name) => name !== "");

/** A variant with its loss and recipe: of the registry, of a file or of a module. */
export interface NamedLoss {
  readonly loss: AnyLoss;
  readonly recipe: Recipe;
  readonly variant: Variant;
  /** Labels of the stop-gradients that are off: those of the variant and those of the recipe of a file. */
  readonly off: readonly string[];
}

/**
 * The variant of a name that a command takes, with more stop-gradients switched off by an option.
 *
 * @throws DomainError about the name of the loss, its file or a label
 */
export async function namedLoss(operation: string, given: string, more?: string): Promise<NamedLoss> {
  const { names, sources = {} } = await readNames(operation, [given], Object.keys(losses));
  const base = lossOfVariant(names[0]);
  const isOwn = Object.hasOwn(sources, base);
  if (!isOwn && !Object.hasOwn(losses, base)) {
    throw new DomainError(
      `${operation}: loss ${mustBeOneOf(base, Object.keys(losses), "pushforward losses lists them")}`,
    );
  }
  const recipe = isOwn ? recipeOf(base, sources[base]) : recipes[base as LossName];
  const variant = parseVariant(names[0], () => mainLoss(recipe).stops);
  checkPreset(operation, names, sources);
  const loss = mainLoss(chosenRecipe(recipe, variant.settings));
  const labels = listOf(more);
  checkStops(operation, labels, loss.stops);
  const withoutStops = [...new Set([...variant.withoutStops, ...labels])];
  const off = switchedOff({ loss: base, withoutStops, sources });
  return { loss, recipe, off, variant: { ...variant, withoutStops } };
}
