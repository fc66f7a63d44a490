import type { Spread } from "@pushforward/training";
import type { ResultRow } from "./report.ts";
import { columns, type ResultColumn, type ResultKey } from "./resultColumns.ts";

/** One line of a study: a loss, the teacher, or a baseline. */
export interface StudyRow {
  readonly name: string;
  readonly kind: ResultRow["kind"];
  /** Family of a loss; "teacher" or "baseline" for other rows. */
  readonly family: string;
  readonly scores: Partial<Record<ResultKey, Spread>>;
  /** Number of trainings whose loss stopped being finite. */
  readonly diverged: number;
  /** Reasons of failed trainings, with their seeds. */
  readonly failures: readonly string[];
  /** Whether every seed came closer to the data than a Gaussian fit; undefined if the data are close to Gaussian themselves. */
  readonly beatsGaussianFit?: boolean;
}

/** Results of a study on one problem; losses are sorted by family, and by the ranking metric in each family. */
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
