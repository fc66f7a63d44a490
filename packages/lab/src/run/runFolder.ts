import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DomainError, quote } from "@pushforward/tensor";
import { fileError, partialSuffix, writeFileAtomic } from "./atomicFile.ts";
import { claimFolder, isClaimName } from "./claim.ts";
import { makeFolder, removeFolders } from "./makeFolder.ts";
import { readJson } from "./readJson.ts";

/** The folder of one run, with its configuration. */
export interface RunFolder<Config> {
  readonly path: string;
  readonly config: Config;
  /** Paths of the run's files. */
  readonly files: RunFiles;
}

/** Paths of the files of a run. */
export interface RunFiles {
  readonly config: string;
  readonly metrics: string;
  readonly checkpoint: string;
  readonly report: string;
  /** Scores of a training of a study. */
  readonly scores: string;
}

/** The head of config.json, by which a folder is recognised as a run. */
const format = "pushforward run";
const version = 1;

/**
 * Makes the folder of a new run and writes its config.json; missing parents are made too.
 *
 * @param path   a folder that does not exist or is empty
 * @param config settings of the run: plain JSON
 * @throws DomainError if the folder cannot be written, holds a run already, or holds anything else
 */
export function createRun<Config>(path: string, config: Config): RunFolder<Config> {
  const files = runFiles(path);
  checkIsFree(path);
  const made = makeFolder("run", path);
  try {
    const claim = claimFolder(path);
    try {
      checkIsFree(path); // another process may have made a run since
      writeFileAtomic(files.config, `${JSON.stringify({ format, version, config }, undefined, 2)}\n`);
    } finally {
      claim.release();
    }
  } catch (error) {
    removeFolders(made);
    throw error;
  }
  return { path, config, files };
}

/** Names of files that a start leaves in a folder if it is killed. */
const isLeftover = (name: string): boolean => name === `config.json${partialSuffix}` || isClaimName(name);

/** @throws DomainError if a folder holds a run or anything else */
function checkIsFree(path: string): void {
  if (isRun(path)) throw new DomainError(`run: ${path} already holds a run; resume it or choose another folder`);
  const found = listFolder(path).find((name) => !isLeftover(name));
  if (found === undefined) return;
  throw new DomainError(`run: ${path} must be an empty folder, got one that holds ${found}; choose another folder`);
}

/**
 * Opens the folder of an earlier run, to resume or to read it.
 *
 * @param parse checks the configuration and gives it its type; its errors are reported with the file's name
 * @throws DomainError if the folder is not a run, or its config.json is damaged or of another version
 */
export function openRun<Config>(path: string, parse: (value: unknown) => Config): RunFolder<Config> {
  const files = runFiles(path);
  if (!isRun(path)) throw new DomainError(`run: ${path} is not the folder of a run: it has no ${files.config}`);
  return { path, config: readConfig(files.config, parse), files };
}

/** Whether a folder holds a run. */
export const isRun = (path: string): boolean => listFolder(path).includes("config.json");

function readConfig<Config>(file: string, parse: (value: unknown) => Config): Config {
  const stored = readJson(file) as { format?: unknown; version?: unknown; config?: unknown } | null;
  if (stored?.format !== format) {
    throw new DomainError(`run: ${file} must say "format": "${format}", got ${quote(stored?.format)}`);
  }
  if (stored.version !== version) {
    throw new DomainError(`run: ${file} must be of version ${version}, got ${quote(stored.version)}`);
  }
  try {
    return parse(stored.config);
  } catch (error) {
    throw new DomainError(`run: ${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** Paths of the files of a run. */
export const runFiles = (path: string): RunFiles => ({
  config: join(path, "config.json"),
  metrics: join(path, "metrics.jsonl"),
  checkpoint: join(path, "checkpoint.safetensors"),
  report: join(path, "report.html"),
  scores: join(path, "figures.json"),
});

/** Names in a folder, none if it does not exist. */
function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw fileError("run", path, error);
  }
}
