import type { Case, Group } from "../groups/group.ts";
import { type Measurement, type Row, withRatios } from "../report/row.ts";
import { type Bench, measureCase } from "./measureCase.ts";
import { hurried, type Pace, paceOf, spansOf } from "./pace.ts";
import type { Competitor } from "./pool.ts";

/** The groups, and the settings of their measurement. */
export interface Course<C extends Competitor> {
  readonly groups: readonly Group[];
  /** The contenders of a case, given the earlier rows. */
  competitors(group: Group, each: Case, rows: readonly Row[]): readonly C[];
  /** The reference of the ratios. */
  readonly ourName: string;
  /** Start of the run, as performance.now(). */
  readonly started: number;
  /** Called with the name of each measurement. */
  readonly onProgress: (line: string) => void;
}

/**
 * Measures group by group and case by case; a late group measures briefly, then skips cases.
 *
 * @throws DisagreementError if two competitors compute different things
 */
export async function measureGroups<C extends Competitor>(course: Course<C>, bench: Bench<C>): Promise<Row[]> {
  const { groups, ourName, started, onProgress } = course;
  const { settings } = bench;
  const rows: Row[] = [];
  const spans = spansOf(
    groups.map(({ fraction }) => fraction),
    settings.deadline,
  );
  for (const [i, group] of groups.entries()) {
    const cases = group.cases(settings);
    for (const [j, each] of cases.entries()) {
      const now = performance.now() - started;
      const pace = paceOf(now, spans[i], j, cases.length);
      onProgress(progressLine(now, group, each, pace));
      const present = course.competitors(group, each, rows);
      rows.push(...withRatios(await measureAt(pace, group, each, present, bench), ourName));
    }
    await bench.pool.stopAll();
  }
  return rows;
}

function measureAt<C extends Competitor>(
  pace: Pace,
  group: Group,
  each: Case,
  present: readonly C[],
  bench: Bench<C>,
): Promise<Measurement[]> | Measurement[] {
  if (pace === "skipped") return skipped(group, each, present);
  const settings = pace === "calm" ? bench.settings : hurried(bench.settings);
  return measureCase(group, each, present, { ...bench, settings });
}

/** "  12 s  step: (256, 64) sg" */
const progressLine = (ms: number, group: Group, { name }: Case, pace: Pace): string =>
  `${(ms / 1000).toFixed(0).padStart(4)} s  ${group.name}: ${name}${pace === "calm" ? "" : ` (${pace})`}`;

const skipped = (group: Group, each: Case, competitors: readonly Competitor[]): Measurement[] =>
  competitors.map(({ name }) => ({
    group: group.name,
    case: each.name,
    implementation: name,
    medianMs: null,
    minMs: null,
    note: "skipped: the time of the run was spent",
  }));
