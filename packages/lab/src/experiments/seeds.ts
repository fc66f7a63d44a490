import { join } from "node:path";
import { type CompareConfig, parseCompareConfig } from "../config.ts";
import type { RunFolder } from "../run/runFolder.ts";
import type { Display } from "../training/trainingRun.ts";
import { plannedRuns } from "./compare.ts";
import { finishScored, type StudiedComparison, type StudiedRun, seedsOf } from "./study.ts";
import { ensureRunOf } from "./train.ts";

/** A comparison whose losses were trained with several seeds. */
export interface SeededComparison {
  readonly folder: RunFolder<CompareConfig>;
  /** Every loss with every seed, and the teachers if there are any. */
  readonly runs: readonly StudiedRun[];
}

/** The comparison with each seed, in the folder `seed<n>`. */
const comparisonsOf = ({ path, config }: RunFolder<CompareConfig>): StudiedComparison[] =>
  seedsOf(config).map((seed) => {
    const single = parseCompareConfig({ ...config, seed, seeds: undefined });
    const folder = ensureRunOf(join(path, `seed${seed}`), single, parseCompareConfig);
    return { problem: config.data, seed, ...plannedRuns(folder) };
  });

/**
 * Does the rest of a comparison with several seeds. A training that fails does not stop the others.
 *
 * @param jobs trainings at a time; more than one run in processes of their own
 */
export async function finishSeeds(
  folder: RunFolder<CompareConfig>,
  display: Display,
  jobs: number,
): Promise<SeededComparison> {
  return { folder, runs: await finishScored("losses", comparisonsOf(folder), display, jobs) };
}
