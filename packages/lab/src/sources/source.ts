import { type AnyLoss, losses, ownTangent, type Recipe, type Term } from "@pushforward/losses";
import { DomainError, quote } from "@pushforward/tensor";
import { parseRecipe, text } from "@pushforward/training";
import * as z from "zod/mini";

/** A file with its digest; of a module, the digest covers its imports too. */
const fileShape = {
  file: text("must be the path of a file"),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/, { error: "must be 64 hexadecimal digits" })),
};

/** A recipe that a file defines. */
const sourceSchema = z.strictObject({
  ...fileShape,
  /** The content of a recipe's file, so that the run needs the file no more. A module has none: it is loaded again. */
  recipe: z.optional(z.record(z.string(), z.unknown(), { error: "must be the recipe of the file" })),
  /** The modules of losses that the recipe of a file names, by their paths as written there; they are loaded again. */
  losses: z.optional(
    z.record(z.string(), z.strictObject(fileShape), { error: "must be an object of modules by path" }),
  ),
});

/** A recipe that a file defines. */
export type Source = z.output<typeof sourceSchema>;

/** Names that a file cannot give to a recipe: the name is also that of a folder, and a run has its teacher in `teacher`. */
const isName = (name: string): boolean => /^[^./\\][^/\\]*$/.test(name) && name !== "teacher";

/** The recipes of a run that files defined, by name; a part of config.json that no option sets. */
export const sourcesSetting = z.optional(
  z.record(z.string(), sourceSchema, { error: "must be an object of recipes by name" }).check(
    z.refine((sources) => Object.keys(sources).every(isName), {
      error: "must have names of folders, other than teacher",
    }),
  ),
);

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

/** A file with its digest. */
export type SourceFile = Pick<Source, "file" | "sha256">;

/** A loss of the user's own, with the recipe that its module gives it. */
export interface OwnLoss {
  readonly loss: AnyLoss;
  /** @throws DomainError if the module has none, and a loss of this kind has no usual recipe */
  recipe(): Recipe;
}

/** The losses of the modules that this process has loaded, by digest. */
const loaded = new Map<string, OwnLoss>();

/** Keeps the loss of a module that was loaded. */
export const keepLoss = ({ sha256 }: SourceFile, loss: OwnLoss): void => void loaded.set(sha256, loss);

/**
 * The loss of a module.
 *
 * @throws DomainError if the module was not loaded
 */
function lossOfModule({ file, sha256 }: SourceFile): OwnLoss {
  const found = loaded.get(sha256);
  if (found) return found;
  throw new DomainError(`train: ${file} must be loaded before its loss is trained, got no module`);
}

/** The losses that the recipe of a file may name: those of the registry, and the modules that were loaded for it, by path. */
export const lossTable = (modules: Source["losses"] = {}): Readonly<Record<string, AnyLoss>> => ({
  ...losses,
  ...Object.fromEntries(Object.entries(modules).map(([path, module]) => [path, lossOfModule(module).loss])),
});

/**
 * A recipe that a file defines, called as the run calls it.
 *
 * @throws DomainError if a module was not loaded
 */
export function recipeOf(name: string, source: Source): Recipe {
  const { recipe, losses: modules } = source;
  return { ...(recipe === undefined ? lossOfModule(source).recipe() : parseRecipe(recipe, lossTable(modules))), name };
}

/** The term that a recipe is about: its last one. */
export const mainTerm = ({ terms }: Recipe): Term => terms[terms.length - 1];

/** The loss that a recipe is about, with the tangent of its term. */
export function mainLoss(recipe: Recipe): AnyLoss {
  const { loss, tangent } = mainTerm(recipe);
  return tangent === "own" ? ownTangent(loss) : loss;
}
