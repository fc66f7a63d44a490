import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { losses } from "@pushforward/losses";
import { DomainError, quote } from "@pushforward/tensor";
import { lossOfVariant, parseRecipe } from "@pushforward/training";
import { readJson } from "../run/readJson.ts";
import { knownName } from "./knownName.ts";
import { checkName, keepRecipe, type Source, type Sources } from "./source.ts";

/** Whether the name of a loss is the path of a module. */
const isModule = (name: string): boolean => /\.[mc]?[jt]s$/i.test(name);

/** Whether the name of a loss is the path of a recipe's file or of a module. */
export const isSource = (name: string): boolean => /\.json$/i.test(name) || isModule(name);

const digestOf = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

/** The names among the arguments of a command, and the recipes of those names that are files. */
export interface Named {
  readonly names: readonly string[];
  readonly sources?: Sources;
}

/**
 * Reads the recipes and loads the losses among the names of a command, which may be variants. A recipe has the name of its file
 * without the ending.
 *
 * @param known names of the registry, which may be written in other ways
 * @throws DomainError that names the file and what is wrong in it
 */
export async function readNames(operation: string, given: readonly string[], known: readonly string[]): Promise<Named> {
  const sources: Record<string, Source> = {};
  const names: string[] = [];
  for (const each of given) {
    const loss = lossOfVariant(each);
    const choices = each.slice(loss.length);
    const name = isSource(loss) ? basename(loss, extname(loss)) : knownName(loss, known);
    names.push(name + choices);
    if (!isSource(loss) || Object.hasOwn(sources, name)) continue;
    checkName(operation, name, loss);
    sources[name] = await (isModule(loss) ? readModule : readRecipe)(operation, loss);
  }
  return Object.keys(sources).length > 0 ? { names, sources } : { names };
}

async function readModule(operation: string, file: string): Promise<Source> {
  const { loadLoss } = await import("./loadLoss.ts");
  const { recipe, sha256 } = await loadLoss(operation, file);
  keepRecipe(sha256, recipe);
  return { file: resolve(file), sha256 };
}

function readRecipe(operation: string, file: string): Source {
  if (!existsSync(file)) {
    throw new DomainError(
      `${operation}: ${file} must be the file of a recipe, got no such file; pushforward recipe meanFlow > ${file} writes one`,
    );
  }
  const recipe = readJson(file, operation);
  try {
    parseRecipe(recipe, losses);
  } catch (error) {
    if (error instanceof DomainError)
      throw new DomainError(`${operation}: ${file}: ${error.message}`, { cause: error });
    throw error;
  }
  return { file: resolve(file), sha256: digestOf(file), recipe: recipe as Source["recipe"] };
}

/**
 * Loads the modules of a run again, and checks that all files are as they were when it began. The file of a recipe may be gone, since
 * the run has its content.
 *
 * @throws DomainError that names the changed file
 */
export async function loadSources(sources: Sources = {}): Promise<void> {
  for (const [name, source] of Object.entries(sources)) {
    const { file, sha256, recipe } = source;
    const remedy = recipe ? ", remove it to go on with the recipe that the run has stored," : "";
    if (recipe && !existsSync(file)) continue;
    const found = recipe ? digestOf(file) : (await readModule("resume", file)).sha256;
    if (found === sha256) continue;
    throw new DomainError(
      `sources.${name}: ${quote(file)} must be as it was when the run began, got another content; put it back${remedy} or start a new run`,
    );
  }
}
