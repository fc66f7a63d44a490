import type { ResultRow } from "./report.ts";
import { columns, type ResultColumn, type ResultKey } from "./resultColumns.ts";

/** A figure over several seeds. */
export interface Spread {
  readonly mean: number;
  /** Standard deviation between the seeds, divisor n − 1; 0 for one alone. */
  readonly deviation: number;
  /** The figure of each seed; one that is not finite counts in neither of the above. */
  readonly values: readonly number[];
}

/** One line of a study: a loss, the teacher, or what they are compared with. */
export interface StudyRow {
  readonly name: string;
  readonly kind: ResultRow["kind"];
  /** Family of a loss. */
  readonly family: string;
  readonly figures: Partial<Record<ResultKey, Spread>>;
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

/** The columns of a study's tables, and what its pictures show. */
export const studyColumns = (rows: readonly StudyRow[]): ResultColumn[] =>
  columns.filter(
    ({ key, competes }) => (competes || key === "stepsPerSecond") && rows.some(({ figures }) => figures[key]),
  );

/** Mean and standard deviation of a figure over seeds; undefined where none has it. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, x) => sum + x, 0) / finite.length;
  const squares = finite.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, deviation: finite.length > 1 ? Math.sqrt(squares / (finite.length - 1)) : 0, values };
}

/** A figure as a table shows it, the deviation as finely as the mean: 0.123 ± 0.004. */
export function formatSpread({ format }: Pick<ResultColumn, "format">, spread: Spread | undefined): string {
  if (!spread) return format(undefined);
  const [{ mean, deviation, values }, shown] = [spread, format(spread.mean)];
  if (values.length < 2 || !Number.isFinite(mean)) return shown;
  const [, decimals = ""] = /^[^.]*\.?(\d*)$/.exec(shown) ?? [];
  return `${shown} ± ${shown.includes("e") ? format(deviation) : deviation.toFixed(decimals.length)}`;
}
