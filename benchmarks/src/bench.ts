import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case, Group } from "./groups/group.ts";
import { groups } from "./groups/index.ts";
import { withoutFolders } from "./report/machine.ts";
import { type Measurement, type Row, withRatios } from "./report/row.ts";
import { compileWorker } from "./run/compileWorker.ts";
import { type Contender, type ContenderOptions, makeContenders, ourName } from "./run/contenders.ts";
import { LoadMeter } from "./run/loadMeter.ts";
import { type Bench, measureCase } from "./run/measureCase.ts";
import { hurried, type Pace, paceOf, spansOf } from "./run/pace.ts";
import { ProcessPool } from "./run/processPool.ts";
import type { Settings } from "./run/settings.ts";

/** What a run is asked for. */
export interface RunOptions extends Omit<ContenderOptions, "worker"> {
  readonly settings: Settings;
  /** Groups to measure; all by default. */
  readonly only?: readonly string[];
  /** Told what is being measured. */
  readonly onProgress: (line: string) => void;
}

/** What a run found. */
export interface RunResult {
  readonly rows: readonly Row[];
  /** What each contender says it is. */
  readonly versions: Readonly<Record<string, string>>;
  /** Cores that other processes used meanwhile, on average. */
  readonly foreignCores: number;
}

/**
 * Measures everything, group by group and case by case.
 *
 * @throws DisagreementError if two implementations compute different things
 */
export async function runBench({ settings, only, onProgress, ...options }: RunOptions): Promise<RunResult> {
  const started = performance.now();
  const contenders = makeContenders({ ...options, worker: compileWorker() });
  const folder = mkdtempSync(join(tmpdir(), "pushforward-bench-"));
  const bench: Bench = { settings, folder, pool: new ProcessPool(), load: new LoadMeter() };
  const rows: Row[] = [];
  try {
    const versions = await describe(contenders, bench);
    const chosen = groups.filter(({ name }) => only?.includes(name) ?? true);
    const spans = spansOf(
      chosen.map(({ share }) => share),
      settings.deadline,
    );
    for (const [i, group] of chosen.entries()) {
      const cases = group.cases(settings);
      for (const [j, each] of cases.entries()) {
        const now = performance.now() - started;
        const pace = paceOf(now, spans[i], j, cases.length);
        onProgress(progressLine(now, group, each, pace));
        rows.push(...withRatios(await measureAt(pace, group, each, contenders, bench), ourName));
      }
      await bench.pool.stopAll();
    }
    return { rows, versions, foreignCores: bench.load.cores };
  } finally {
    await bench.pool.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

function measureAt(
  pace: Pace,
  group: Group,
  each: Case,
  contenders: readonly Contender[],
  bench: Bench,
): Promise<Measurement[]> | Measurement[] {
  const present = contenders.filter(({ role }) => each.roles.includes(role));
  if (pace === "skipped") return skipped(group, each, present);
  const settings = pace === "calm" ? bench.settings : hurried(bench.settings);
  return measureCase(group, each, present, { ...bench, settings });
}

/** "  12 s  step: (256, 64) sg" */
const progressLine = (ms: number, group: Group, { name }: Case, pace: Pace): string =>
  `${(ms / 1000).toFixed(0).padStart(4)} s  ${group.name}: ${name}${pace === "calm" ? "" : ` (${pace})`}`;

async function describe(contenders: readonly Contender[], { pool, settings }: Bench): Promise<Record<string, string>> {
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

const skipped = (group: Group, each: Case, contenders: readonly Contender[]): Measurement[] =>
  contenders.map(({ name }) => ({
    group: group.name,
    case: each.name,
    implementation: name,
    medianMs: null,
    minMs: null,
    note: "skipped: the time of the run was spent",
  }));
