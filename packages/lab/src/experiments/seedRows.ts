import {
  type MetricName,
  metricNames,
  metrics,
  pairedDifference,
  rankingMetric,
  type Scores,
  type Spread,
} from "@pushforward/training";
import type { Difference, ResultRow } from "../report/report.ts";
import { spreadsOf } from "./spreadsOf.ts";
import type { StudiedRun } from "./study.ts";

/** The numbers of a row that have a spread over seeds. */
const spreadKeys = ["steps", "seconds", ...metricNames] as const;

/**
 * Rows of the same sampler with several seeds as one row, of means and spreads.
 *
 * @param rows at least one
 */
export function meanRow(rows: readonly ResultRow[], name: string = rows[0].name): ResultRow {
  const spreads = spreadsOf(rows, spreadKeys);
  const means = Object.fromEntries(Object.entries<Spread>(spreads).map(([key, { mean }]) => [key, mean]));
  const { kind, samplesBy, note } = rows[0];
  return { name, kind, ...(samplesBy ? { samplesBy } : {}), ...means, spreads, ...(note ? { note } : {}) };
}

/** The rows of a loss with every seed as one row; without scores if every training failed. */
export function seedRow(name: string, kind: ResultRow["kind"], runs: readonly StudiedRun[]): ResultRow {
  const judged = runs.flatMap(({ row }) => row ?? []);
  const note = noteOf(runs);
  const row: ResultRow = judged.length === 0 ? { name, kind } : meanRow(judged, name);
  return { ...row, note: note === "" ? undefined : note };
}

/** A remark on the trainings of a loss: the seeds that failed or diverged, and the note of the other seeds. */
function noteOf(runs: readonly StudiedRun[]): string {
  const failures = runs.flatMap(({ seed, failure }) => (failure ? [`with seed ${seed} it failed: ${failure};`] : []));
  const diverged = runs.filter(({ row }) => row && !Number.isFinite(row[rankingMetric])).map(({ seed }) => seed);
  const others = runs.filter(({ seed, row }) => row?.note && !diverged.includes(seed));
  const isShared = new Set(others.map(({ row }) => row?.note)).size === 1;
  return [
    ...failures,
    ...divergenceOf(runs, diverged),
    ...others.slice(0, 1).map(({ seed, row }) => (isShared ? `${row?.note}` : `with seed ${seed}, ${row?.note}`)),
  ].join(" ");
}

/** The seeds whose loss stopped being finite, with what is known about the first of them. */
function divergenceOf(runs: readonly StudiedRun[], diverged: readonly number[]): string[] {
  if (diverged.length === 0) return [];
  const [seed] = diverged;
  const note = runs.find((run) => run.seed === seed)?.row?.note;
  const seeds = `its loss stopped being finite with the ${diverged.length === 1 ? "seed" : "seeds"} ${diverged.join(", ")}.`;
  return [seeds, ...(note === undefined ? [] : [`With seed ${seed}, ${note}`])];
}

/** How each other loss differs from the first, seed by seed, in every metric. */
export function differencesOf(
  losses: readonly { readonly name: string; readonly runs: readonly StudiedRun[] }[],
): Difference[] {
  const [base, ...others] = losses;
  return others.flatMap(({ name, runs }) =>
    metricNames.flatMap((metric) => {
      const [own, its] = [runs, base.runs].map((all) => scoresOf(all, metric));
      const seeds = [...its.keys()].filter((seed) => own.has(seed));
      const difference = pairedDifference(
        seeds.map((seed) => its.get(seed)!),
        seeds.map((seed) => own.get(seed)!),
        metrics[metric].better,
      );
      return difference ? [{ name, base: base.name, metric: metrics[metric], ...difference }] : [];
    }),
  );
}

/** The scores of a loss by seed. */
const scoresOf = (runs: readonly StudiedRun[], metric: MetricName): ReadonlyMap<number, number> =>
  new Map(
    runs.flatMap(({ seed, row }) => {
      const score = (row as Scores | undefined)?.[metric];
      return score === undefined ? [] : [[seed, score] as const];
    }),
  );
