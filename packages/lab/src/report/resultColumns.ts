import { formatCount, formatDuration, formatFigure } from "./figures.ts";
import type { ResultRow } from "./report.ts";

/** The figures of a {@link ResultRow}. */
export type ResultKey = Exclude<keyof ResultRow, "name" | "kind" | "note" | "samplesBy">;

/** A column of the results table. */
export interface ResultColumn {
  readonly key: ResultKey;
  readonly title: string;
  readonly format: (value: number | undefined) => string;
  /** Whether losses compete in it; the smallest figure wins. */
  readonly competes: boolean;
}

/** All columns, in order. */
export const columns: readonly ResultColumn[] = [
  { key: "steps", title: "steps", format: formatCount, competes: false },
  { key: "seconds", title: "time", format: formatDuration, competes: false },
  { key: "oneStepError", title: "1-step error", format: formatFigure, competes: true },
  { key: "fourStepError", title: "4-step error", format: formatFigure, competes: true },
  { key: "slicedWasserstein", title: "sliced W₂", format: formatFigure, competes: true },
  { key: "energyDistance", title: "energy distance", format: formatFigure, competes: true },
  { key: "histogramKl", title: "histogram KL", format: formatFigure, competes: true },
  { key: "stepsPerSecond", title: "steps/s", format: formatCount, competes: false },
];

/** The columns in which at least one row has something to show. */
export const columnsOf = (rows: readonly ResultRow[]): ResultColumn[] =>
  columns.filter(({ key }) => rows.some((row) => row[key] !== undefined));

/** Whether a row holds the smallest figure of a column among the losses; alone in the race nobody wins. */
export function isBest(row: ResultRow, { key, competes }: ResultColumn, rows: readonly ResultRow[]): boolean {
  const rivals = rows.filter(({ kind, [key]: figure }) => kind === "loss" && figure !== undefined);
  const finite = rivals.map((rival) => rival[key]!).filter(Number.isFinite);
  return competes && rivals.includes(row) && rivals.length > 1 && row[key] === Math.min(...finite) && finite.length > 0;
}
