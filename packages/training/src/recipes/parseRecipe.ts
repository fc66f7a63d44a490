import {
  type AnyLoss,
  applyWeighting,
  type Need,
  type Recipe,
  type RecipeSettings,
  recipe,
  recipeJson,
  sampleTimes,
  type Term,
  term,
} from "@pushforward/losses";
import { DomainError, key, mustBe, mustBeOneOf, quote, tensor } from "@pushforward/tensor";
import type * as z from "zod/mini";
import { recipeSchema } from "./recipeSchema.ts";

/** Losses by name. */
type LossTable = Readonly<Record<string, AnyLoss>>;

/** The end of a message about the name of a loss. */
const ownLossHint = "pushforward losses lists them; a loss of your own has the path of its module, such as ./myLoss.ts";

/** Most mistakes that one message lists. */
const listedIssues = 4;

/** A place in a file: `terms[1].timeLaw.kind`. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");

/** The type that a place must have. */
const typeWords = (issue: z.core.$ZodIssue): string => {
  const words: Readonly<Record<string, string>> = {
    array: "a list",
    object: "an object",
    string: "text",
    number: "a number",
  };
  return (issue.code === "invalid_type" && words[issue.expected]) || "given in another type";
};

/** A mistake with its place, what must hold and what came. */
function explainIssue(issue: z.core.$ZodIssue): string {
  const place = placeOf(issue.path) || "the recipe";
  const { input } = issue;
  if (issue.code === "unrecognized_keys") return `${place} ${issue.message}`;
  if (issue.code === "invalid_value" && input !== undefined)
    return `${place} ${mustBeOneOf(input, issue.values.map(String))}`;
  if (issue.code === "invalid_union" && "options" in issue) {
    const kind = (input as { readonly kind?: unknown } | undefined)?.kind;
    return `${place} ${mustBeOneOf(kind, (issue.options as readonly unknown[]).map(String))}`;
  }
  const must = /^(must|has)/.test(issue.message) ? issue.message : `must be ${typeWords(issue)}`;
  return `${place} ${must}, got ${input === undefined ? "nothing" : quote(input)}`;
}

/**
 * Reads a recipe out of the plain data that `formatRecipe` writes. Absent keys have the defaults of `recipe` and `term`.
 *
 * @param losses the losses that terms may name
 * @throws DomainError that names every mistake by its place, with what is allowed and what came
 */
export function parseRecipe(value: unknown, losses: LossTable): Recipe {
  const result = recipeSchema.safeParse(value, { reportInput: true });
  if (!result.success) {
    const all = [...new Set(result.error.issues.map(explainIssue))];
    const more = all.length > listedIssues ? [`${all.length} mistakes in all`] : [];
    throw new DomainError(`recipe: ${[...all.slice(0, listedIssues), ...more].join("; ")}`);
  }
  const { $schema: _, ...json } = result.data;
  const terms = json.terms.map(({ loss, ...settings }, i) => {
    if (!Object.hasOwn(losses, loss)) {
      const names = mustBeOneOf(loss, Object.keys(losses), ownLossHint);
      throw new DomainError(`recipe: terms[${i}].loss ${names}`);
    }
    return term({ loss: losses[loss], ...settings } as Parameters<typeof term>[0]);
  });
  const parsed = recipe({ ...json, terms } as RecipeSettings);
  for (const [i, each] of terms.entries()) checkTerm(`terms[${i}]`, each, parsed);
  return parsed;
}

/**
 * A recipe as the plain data of a file.
 *
 * @param nameOf how the file calls a loss; by default by its name
 */
export function formatRecipe(recipe: Recipe, nameOf: (loss: AnyLoss) => string = ({ name }) => name): object {
  mustBe("formatRecipe", "nameOf", nameOf, "function");
  const { short: _, ...json } = recipeJson(recipe);
  return { ...json, terms: json.terms.map((term, i) => ({ ...term, loss: nameOf(recipe.terms[i].loss) })) };
}

/** The part of a recipe that provides an input of a loss. */
const providers: { readonly [N in Need]?: keyof Recipe } = {
  solve: "solver",
  fakeVelocity: "fakeVelocity",
  critic: "critic",
  ratio: "critic",
  warmup: "warmup",
};

/** Rows on which the laws of a term are tried. */
const triedRows = 64;

/** @throws DomainError if the recipe does not provide what the loss of a term needs, or a number of the term is out of range */
function checkTerm(place: string, { loss, timeLaw, weighting }: Term, all: Recipe): void {
  for (const need of loss.needs) {
    const part = providers[need];
    if (part !== undefined && all[part] === null) {
      throw new DomainError(
        `recipe: ${part} must be given, because ${place}.loss ${loss.name} needs ${need}, got null`,
      );
    }
  }
  const times = within(`${place}.timeLaw`, () => sampleTimes(key(0), triedRows, timeLaw));
  for (const [need, given] of [
    ["r", "middle"],
    ["delta", "delta"],
  ] as const) {
    if (loss.needs.includes(need) && times[need] === undefined) {
      throw new DomainError(
        `recipe: ${place}.timeLaw must have ${given}, because ${loss.name} needs ${need}, got nothing`,
      );
    }
  }
  const [starts, ends] = [times.s.dataSync(), times.t.dataSync()];
  if (loss.times === "sorted" && starts.some((s, i) => s > ends[i])) {
    throw new DomainError(
      `recipe: ${place}.timeLaw must draw s ≤ t for ${loss.name}, got the kind ${quote(timeLaw.kind)}`,
    );
  }
  within(`${place}.weighting`, () => applyWeighting(weighting, tensor([1]), 0, 0.5));
}

/** Does something, and names the place in the file if a number there is refused. */
function within<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof DomainError
      ? new DomainError(`recipe: ${place}: ${error.message}`, { cause: error })
      : error;
  }
}
