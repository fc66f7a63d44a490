import type { Spread } from "@pushforward/training";
import type { ResultRow } from "./report.ts";
import { columns, type ResultColumn, type ResultKey } from "./resultColumns.ts";

/** One line of a study: a loss, the teacher, or what they are compared with. */
export interface StudyRow {
  readonly name: string;
  readonly kind: ResultRow["kind"];
  /** Family of a loss. */
  readonly family: string;
  readonly scores: Partial<Record<ResultKey, Spread>>;
  /** Trainings whose loss stopped being finite. */
  readonly diverged: number;
  /** Why trainings failed, with their seeds. */
  readonly failures: readonly string[];
  /** Whether it came closer to the data than a Gaussian fit with every seed; undefined where that asks nothing. */
  readonly beatsGaussianFit?: boolean;
}

/** What a study found on one problem; losses stand family by family, the best of each first. */
export interface StudiedProblem {
  readonly name: string;
  readonly description: string;
  readonly units: string;
  readonly rows: readonly StudyRow[];
}

/** The columns that a study may have: every metric, and the speed of training. */
export const studiedColumns: readonly ResultColumn[] = columns.filter(
  ({ key, metric }) => metric !== undefined || key === "stepsPerSecond",
);

/** The columns of a study's tables and plots: those in which at least one row has a score. */
export const studyColumns = (rows: readonly StudyRow[]): ResultColumn[] =>
  studiedColumns.filter(({ key }) => rows.some(({ scores }) => scores[key]));

/** A figure as a table shows it, the deviation as finely as the mean: 0.123 ± 0.004. */
export function formatSpread({ format }: Pick<ResultColumn, "format">, spread: Spread | undefined): string {
  if (!spread) return format(undefined);
  const [{ mean, deviation, values }, shown] = [spread, format(spread.mean)];
  if (values.length < 2 || !Number.isFinite(mean)) return shown;
  const [, decimals = ""] = /^[^.]*\.?(\d*)$/.exec(shown) ?? [];
  return `${shown} ± ${shown.includes("e") ? format(deviation) : deviation.toFixed(decimals.length)}`;
}
