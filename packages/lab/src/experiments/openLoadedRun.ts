import { DomainError } from "@pushforward/tensor";
import { parseRunConfig, type RunConfig } from "../config.ts";
import { openRun, type RunFolder } from "../run/runFolder.ts";
import { loadSources } from "../sources/readSources.ts";
import { knownSources } from "../sources/source.ts";

/**
 * Opens the folder of an earlier run of any kind. The modules of its losses are loaded first, since the check of its settings reads the
 * labels of their stop-gradients.
 *
 * @throws DomainError that names the run's config.json, and the module or the setting
 */
export async function openLoadedRun(path: string): Promise<RunFolder<RunConfig>> {
  const { config, files } = openRun(path, knownSources);
  try {
    await loadSources(config);
  } catch (error) {
    if (error instanceof DomainError) throw new DomainError(`run: ${files.config}: ${error.message}`, { cause: error });
    throw error;
  }
  return openRun(path, parseRunConfig);
}
