import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { losses } from "@pushforward/losses";
import { DomainError, quote } from "@pushforward/tensor";
import { lossOfVariant, parseRecipe } from "@pushforward/training";
import { knownName } from "../commands/knownName.ts";
import { readJson } from "../run/readJson.ts";
import { checkName, type Source, type Sources } from "./source.ts";

/** Whether the name of a loss is the path of a recipe's file. */
export const isRecipeFile = (name: string): boolean => /\.json$/i.test(name);

const digestOf = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

/** What a command is told to train: names, and the recipes of those names that are files. */
export interface Named {
  readonly names: readonly string[];
  readonly sources?: Sources;
}

/**
 * Reads the recipes among the names of a command, which may be variants. A recipe has the name of its file without the ending.
 *
 * @param known names of the registry, which may be written in other ways
 * @throws DomainError that names the file and what is wrong in it
 */
export function readNames(operation: string, given: readonly string[], known: readonly string[]): Named {
  const sources: Record<string, Source> = {};
  const names = given.map((each) => {
    const loss = lossOfVariant(each);
    const choices = each.slice(loss.length);
    if (!isRecipeFile(loss)) return knownName(loss, known) + choices;
    const name = basename(loss, extname(loss));
    checkName(operation, name, loss);
    sources[name] = readSource(operation, loss);
    return name + choices;
  });
  return Object.keys(sources).length > 0 ? { names, sources } : { names };
}

function readSource(operation: string, file: string): Source {
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
 * Checks that the files of a run's recipes are as they were when it began. A file that no longer exists is not needed, since the run
 * has its content.
 *
 * @throws DomainError that names the changed file
 */
export function checkSources(sources: Sources = {}): void {
  for (const [name, { file, sha256 }] of Object.entries(sources)) {
    if (!existsSync(file) || digestOf(file) === sha256) continue;
    throw new DomainError(
      `sources.${name}: ${quote(file)} must be as it was when the run began, got another content; put it back, remove it to go on with the recipe that the run has stored, or start a new run`,
    );
  }
}
