import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case, Group } from "./groups/group.ts";
import { groups } from "./groups/index.ts";
import { withoutFolders } from "./report/machine.ts";
import type { Row } from "./report/row.ts";
import { compileWorker } from "./run/compileWorker.ts";
import { type Contender, type ContenderOptions, contendersOf, makeContenders, ourName } from "./run/contenders.ts";
import { LoadMeter } from "./run/loadMeter.ts";
import type { Bench } from "./run/measureCase.ts";
import { measureGroups } from "./run/measureGroups.ts";
import { ProcessPool } from "./run/processPool.ts";
import type { Settings } from "./run/settings.ts";

/** Options of a run. */
export interface RunOptions extends Omit<ContenderOptions, "worker"> {
  readonly settings: Settings;
  /** Groups to measure; all by default. */
  readonly only?: readonly string[];
  /** Called with the name of each measurement. */
  readonly onProgress: (line: string) => void;
}

/** Result of a run. */
export interface RunResult {
  readonly rows: readonly Row[];
  /** Each contender's description of itself. */
  readonly versions: Readonly<Record<string, string>>;
  /** Cores that other processes used meanwhile, on average; unknown for measurements in a browser. */
  readonly foreignCores?: number;
}

/**
 * Measures all groups, case by case.
 *
 * @throws DisagreementError if two implementations compute different things
 */
export async function runBench({ settings, only, onProgress, ...options }: RunOptions): Promise<RunResult> {
  const started = performance.now();
  const contenders = makeContenders({ ...options, worker: compileWorker() });
  const folder = mkdtempSync(join(tmpdir(), "pushforward-bench-"));
  const bench = { settings, folder, pool: new ProcessPool(), load: new LoadMeter() };
  try {
    const versions = await describe(contenders, bench);
    const competitors = (_: Group, each: Case): Contender[] => contendersOf(contenders, each);
    const chosen = groups.filter(({ name }) => only?.includes(name) ?? true);
    const course = { groups: chosen, competitors, ourName, started, onProgress };
    const rows = await measureGroups(course, bench);
    return { rows, versions, foreignCores: bench.load.cores };
  } finally {
    await bench.pool.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function describe(
  contenders: readonly Contender[],
  { pool, settings }: Bench<Contender>,
): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const contender of contenders) {
    versions[contender.name] =
      contender.absent ??
      (await pool
        .get(contender)
        .ask<"describe">({ type: "describe" }, settings.limit)
        .then(({ description }) => description)
        .catch((error: Error) => `failed: ${withoutFolders(error.message)}`));
  }
  await pool.stopAll();
  return versions;
}
