import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { DomainError, quote } from "@pushforward/tensor";
import { lossOfVariant, parseRecipe } from "@pushforward/training";
import { readJson } from "../run/readJson.ts";
import { knownName } from "./knownName.ts";
import { isModule } from "./loadModule.ts";
import { checkName, keepLoss, lossTable, recipeOf, type Source, type SourceFile, type Sources } from "./source.ts";

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
    if (!known.includes(name)) checkEnding(operation, loss);
    if (!isSource(loss) || Object.hasOwn(sources, name)) continue;
    checkName(operation, name, loss);
    sources[name] = await (isModule(loss) ? readLoss : readRecipe)(operation, loss);
  }
  return Object.keys(sources).length > 0 ? { names, sources } : { names };
}

/** @throws DomainError if a name lacks the ending of a file that exists */
export function checkEnding(operation: string, name: string): void {
  const ending = isSource(name) ? undefined : [".ts", ".js", ".json"].find((each) => existsSync(`${name}${each}`));
  if (ending === undefined) return;
  throw new DomainError(
    `${operation}: the file of a loss must be named with its ending, got ${quote(name)}; did you mean ${name}${ending}?`,
  );
}

/** Loads the loss of a module, which messages call `file`. */
async function readModule(operation: string, file: string, path = resolve(file)): Promise<SourceFile> {
  const { loadLoss } = await import("./loadLoss.ts");
  const { sha256, ...loss } = await loadLoss(operation, file, path);
  const source = { file: path, sha256 };
  keepLoss(source, loss);
  return source;
}

/** Loads the loss of a module, which must have a recipe. */
async function readLoss(operation: string, file: string): Promise<Source> {
  const source = await readModule(operation, file);
  recipeOf(file, source);
  return source;
}

async function readRecipe(operation: string, file: string): Promise<Source> {
  const recipe = recipeIn(operation, file);
  const modules: Record<string, SourceFile> = {};
  for (const { place, name, path } of modulesIn(operation, file, recipe)) {
    modules[name] = await readModule(place, name, path);
  }
  try {
    parseRecipe(recipe, lossTable(modules));
  } catch (error) {
    if (error instanceof DomainError)
      throw new DomainError(`${operation}: ${file}: ${error.message}`, { cause: error });
    throw error;
  }
  const own = Object.keys(modules).length > 0 ? { losses: modules } : {};
  return { file: resolve(file), sha256: digestOf(file), recipe, ...own };
}

/** The content of a recipe's file, before it is validated. */
function recipeIn(operation: string, file: string): Source["recipe"] {
  if (existsSync(file)) return readJson(file, operation) as Source["recipe"];
  throw new DomainError(
    `${operation}: ${file} must be the file of a recipe, got no such file; pushforward recipe meanFlow > ${file} writes one`,
  );
}

/** A module that a term of a recipe's file names. */
interface NamedModule {
  /** The place in the file, with which messages begin. */
  readonly place: string;
  /** The path as written in the file. */
  readonly name: string;
  readonly path: string;
}

/** The modules that the terms of a recipe's file name by their paths from the folder of the file, each once. */
export const modulesOf = (operation: string, file: string): NamedModule[] =>
  modulesIn(operation, file, recipeIn(operation, file));

function modulesIn(operation: string, file: string, recipe: unknown): NamedModule[] {
  const { terms } = Object(recipe) as { readonly terms?: unknown };
  const modules = new Map<string, NamedModule>();
  for (const [i, term] of (Array.isArray(terms) ? terms : []).entries()) {
    const { loss: name } = Object(term) as { readonly loss?: unknown };
    if (typeof name !== "string" || !isModule(name) || modules.has(name)) continue;
    modules.set(name, {
      place: `${operation}: ${file}: recipe: terms[${i}].loss`,
      name,
      path: resolve(dirname(file), name),
    });
  }
  return [...modules.values()];
}

/**
 * Loads the modules of a run again, and checks that all files are as they were when it began. The file of a recipe may be gone, since
 * the run has its content; the modules that it names must be there.
 *
 * @throws DomainError that names the changed file
 */
export async function loadSources(sources: Sources = {}): Promise<void> {
  for (const [name, source] of Object.entries(sources)) {
    if (source.recipe === undefined) await loadAgain(name, source);
    else if (existsSync(source.file)) checkSame(name, source, digestOf(source.file));
    for (const [path, module] of Object.entries(source.losses ?? {}))
      await loadAgain(`${name}.losses[${quote(path)}]`, module);
  }
}

/** Loads a module of a run again. */
async function loadAgain(name: string, module: SourceFile): Promise<void> {
  checkSame(name, module, (await readModule("resume", module.file)).sha256);
}

/** @throws DomainError if a file has another digest than when its run began */
function checkSame(name: string, { file, sha256, recipe }: Partial<Source> & SourceFile, found: string): void {
  if (found === sha256) return;
  const remedy = recipe ? ", remove it to go on with the recipe that the run has stored," : "";
  throw new DomainError(
    `sources.${name}: ${quote(file)} must be as it was when the run began, got another content; put it back${remedy} or start a new run`,
  );
}
