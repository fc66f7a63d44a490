import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executable } from "../../../tests/browser/test/support/chromium.ts";
import type { RunOptions, RunResult } from "../bench.ts";
import type { Case, Group } from "../groups/group.ts";
import { withoutFolders } from "../report/machine.ts";
import { figureOf, type Row } from "../report/row.ts";
import { LoadMeter } from "../run/loadMeter.ts";
import { measureGroups } from "../run/measureGroups.ts";
import { packageVersion } from "../worker/packageVersion.ts";
import { bundlePage } from "./bundlePage.ts";
import { ourGpuName, type PageCompetitor, pageCompetitors } from "./competitors.ts";
import { expectedCall } from "./expectedCall.ts";
import { gpuGroups } from "./groups.ts";
import { PagePool } from "./pagePool.ts";

/** Options of a run in a page. */
export interface GpuRunOptions extends Pick<RunOptions, "settings" | "only" | "onProgress"> {
  /** Nominal peak of the card in float32, 10¹² operations per second. */
  readonly peak?: number;
  /** More options of the browser's command line. */
  readonly browserFlags?: readonly string[];
  /** Default: the groups for the present adapter. */
  readonly groups?: readonly Group[];
  /** Default: whether Chromium is on the PATH. */
  readonly hasBrowser?: boolean;
}

/** The longest allowed call, in ms. */
const longestCall = { quick: 2000, full: 10_000 };

/**
 * Measures GPUs in a page of Chromium. The rows of a competitor without a device say "absent".
 *
 * @throws DisagreementError if two competitors compute different things
 */
export async function runGpuBench(options: GpuRunOptions): Promise<RunResult> {
  const { settings, only, onProgress, hasBrowser = executable !== undefined } = options;
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "pushforward-bench-"));
  const pool = new PagePool(folder, options.browserFlags ?? []);
  try {
    const present = hasBrowser ? await meet(folder, pool, settings.limit) : absent("there is no Chromium on the PATH");
    const isHardware = present.some(({ device, mode }) => mode !== "wasm" && device && !device.isSoftware);
    const all = options.groups ?? gpuGroups(isHardware ? "hardware" : "software");
    const course = {
      groups: all.filter(({ name }) => only?.includes(name) ?? true),
      competitors: (group: Group, each: Case, rows: readonly Row[]) =>
        present
          .filter(({ stepsPerCall }) => stepsPerCall === undefined || each.task.kind === "step")
          .map((competitor) => patient(competitor, { group, each, rows }, options)),
      ourName: ourGpuName,
      started,
      onProgress,
    };
    const rows = await measureGroups(course, { settings, pool, load: new LoadMeter() });
    const versions = Object.fromEntries(present.map((competitor) => [competitor.name, versionOf(competitor)]));
    return { rows: rows.map((row) => described(row, present, options.peak)), versions };
  } finally {
    await pool.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const absent = (reason: string): PageCompetitor[] =>
  pageCompetitors.map((competitor) => ({ ...competitor, absent: `absent: ${reason}` }));

/** Opens the page and reads the adapter of each competitor. A browser that does not start counts as absent. */
async function meet(folder: string, pool: PagePool, limit: number): Promise<PageCompetitor[]> {
  await bundlePage(folder);
  const met: PageCompetitor[] = [];
  for (const competitor of pageCompetitors) {
    try {
      const { device } = await pool.get(competitor).ask<"describe">({ type: "describe" }, limit);
      met.push({ ...competitor, device });
    } catch (error) {
      const reason = withoutFolders((error as Error).message.split("\n")[0]);
      met.push({ ...competitor, absent: `absent: ${reason}` });
    }
  }
  return met;
}

/** Skips a case for a competitor that would take too long. */
function patient(
  competitor: PageCompetitor,
  { group, each, rows }: { readonly group: Group; readonly each: Case; readonly rows: readonly Row[] },
  { settings }: GpuRunOptions,
): PageCompetitor {
  const own = rows.filter((row) => row.group === group.name && row.implementation === competitor.name);
  const expected = expectedCall(each, group.cases(settings), own) ?? 0;
  if (competitor.absent || expected <= longestCall[settings.isQuick ? "quick" : "full"]) return competitor;
  return { ...competitor, absent: `too slow: a call would take about ${Math.round(expected / 1000)} s` };
}

/** Adds the adapter and the fraction of the card's peak to a row. */
function described(row: Row, competitors: readonly PageCompetitor[], peak: number | undefined): Row {
  const { device, mode } = competitors.find(({ name }) => name === row.implementation)!;
  const part = figureOf(row, "gflops") / 1000 / (peak ?? Number.NaN);
  const isCard = mode !== "wasm" && device?.isSoftware === false;
  const figures = {
    ...row.figures,
    adapter: device?.adapter ?? "none",
    ...(device?.isSoftware && { software: 1 }),
    ...(isCard && !Number.isNaN(part) && { partOfPeak: part }),
  };
  return { ...row, figures };
}

function versionOf({ absent, device, mode, package: name }: PageCompetitor): string {
  if (absent !== undefined) return absent;
  const place = `${device?.adapter} (${mode}${device?.isSoftware ? ", software" : ""})`;
  return name ? `${packageVersion(name)}, ${place}` : place;
}
