import { isBetterScore, type Metric, metricNames, metrics, type Scores, type Spread } from "@pushforward/training";
import { formatCount, formatDuration, formatScore } from "./formats.ts";
import type { ResultRow } from "./report.ts";

/** The numbers of a {@link ResultRow}. */
export type ResultKey = keyof Scores | "steps" | "seconds" | "stepsPerSecond";

/** A column of the results table. */
export interface ResultColumn {
  readonly key: ResultKey;
  readonly title: string;
  readonly format: (value: number | undefined) => string;
  /** The metric that the column shows; losses compete in it. */
  readonly metric?: Metric;
}

/** All columns, in order. */
export const columns: readonly ResultColumn[] = [
  { key: "steps", title: "steps", format: formatCount },
  { key: "seconds", title: "time", format: formatDuration },
  ...metricNames.map((key) => ({ key, title: metrics[key].title, format: formatScore, metric: metrics[key] })),
  { key: "stepsPerSecond", title: "steps/s", format: formatCount },
];

/** The text of a cell: the number, or its mean ± standard deviation over seeds. */
export function cellText(row: ResultRow, column: ResultColumn): string {
  const spread = column.metric && row.spreads?.[column.key];
  return spread ? formatSpread(column, spread) : column.format(row[column.key]);
}

/** A score in a table: 0.123 ± 0.004, or the score alone where there is one seed. */
export function formatSpread({ format }: Pick<ResultColumn, "format">, spread: Spread | undefined): string {
  if (!spread) return format(undefined);
  const { mean, deviation, values } = spread;
  return values.length < 2 ? format(mean) : formatDeviation(format, mean, deviation);
}

/** A mean ± its deviation, with as many decimals of the deviation as of the mean. */
export function formatDeviation(format: ResultColumn["format"], mean: number, deviation: number): string {
  const text = format(mean);
  if (!Number.isFinite(mean)) return text;
  const [, decimals = ""] = /^[^.]*\.?(\d*)$/.exec(text) ?? [];
  return `${text} ± ${text.includes("e") ? format(deviation) : deviation.toFixed(decimals.length)}`;
}

/** The columns in which at least one row has a number. */
export const columnsOf = (rows: readonly ResultRow[]): ResultColumn[] =>
  columns.filter(({ key }) => rows.some((row) => row[key] !== undefined));

/** Whether a row has the best score of a column among at least two losses. */
export function isBest(row: ResultRow, { key, metric }: ResultColumn, rows: readonly ResultRow[]): boolean {
  const rivals = rows.filter(({ kind, [key]: score }) => kind === "loss" && score !== undefined);
  return (
    metric !== undefined &&
    rivals.includes(row) &&
    rivals.length > 1 &&
    Number.isFinite(row[key]) &&
    !rivals.some((rival) => Number.isFinite(rival[key]) && isBetterScore(metric, rival[key]!, row[key]!))
  );
}
