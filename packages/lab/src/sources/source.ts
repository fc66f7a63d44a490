import { type AnyLoss, losses, type Recipe } from "@pushforward/losses";
import { DomainError, quote } from "@pushforward/tensor";
import { parseRecipe, text } from "@pushforward/training";
import { z } from "zod";

/** A recipe that a file defines. */
const sourceSchema = z.strictObject({
  file: text("must be the path of a file"),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: "must be 64 hexadecimal digits" }),
  /** The content of a recipe's file, so that the run needs the file no more. A module has none: it is loaded again. */
  recipe: z.record(z.string(), z.unknown(), { error: "must be the recipe of the file" }).optional(),
});

/** A recipe that a file defines. */
export type Source = z.output<typeof sourceSchema>;

/** Names that a file cannot give to a recipe: the name is also that of a folder, and a run has its teacher in `teacher`. */
const isName = (name: string): boolean => /^[^./\\][^/\\]*$/.test(name) && name !== "teacher";

/** The recipes of a run that files defined, by name; a part of config.json that no option sets. */
export const sourcesSetting = z
  .record(z.string(), sourceSchema, { error: "must be an object of recipes by name" })
  .refine((sources) => Object.keys(sources).every(isName), { error: "must have names of folders, other than teacher" })
  .optional();

/** Recipes of files by name. */
export type Sources = Readonly<Record<string, Source>>;

/** The names of a configuration's own recipes, before it is validated. */
export const sourceNames = (config: unknown): string[] =>
  Object.keys(Object((config as { readonly sources?: unknown } | null)?.sources));

/** The recipes of files in a configuration before it is validated; none where they are damaged. */
export const knownSources = (config: unknown): Sources =>
  sourcesSetting.safeParse((config as { readonly sources?: unknown } | null)?.sources).data ?? {};

/** @throws DomainError if a file cannot give its recipe this name */
export function checkName(operation: string, name: string, file: string): void {
  if (isName(name)) return;
  throw new DomainError(
    `${operation}: ${file} must have another name, because its recipe is called as the file, and ${quote(name)} is taken; rename the file`,
  );
}

/** Recipes of the modules that this process has loaded, by digest. */
const loaded = new Map<string, Recipe>();

/** Keeps the recipe of a module that was loaded. */
export const keepRecipe = (sha256: string, recipe: Recipe): void => void loaded.set(sha256, recipe);

/**
 * A recipe that a file defines, called as the run calls it.
 *
 * @throws DomainError if the file is a module that was not loaded
 */
export function recipeOf(name: string, { recipe, file, sha256 }: Source): Recipe {
  const found = recipe === undefined ? loaded.get(sha256) : parseRecipe(recipe, losses);
  if (found) return { ...found, name };
  throw new DomainError(`train: ${file} must be loaded before its loss ${name} is trained, got no module`);
}

/** The loss that a recipe is about: that of its last term. */
export const mainLoss = ({ terms }: Recipe): AnyLoss => terms[terms.length - 1].loss;
