import type { Row } from "../report/row.ts";
import type { Role } from "../run/contenders.ts";
import type { Settings } from "../run/settings.ts";
import type { Task } from "../tasks/task.ts";

/** One thing that all who take part do. */
export interface Case {
  readonly name: string;
  readonly task: Task;
  readonly roles: readonly Role[];
}

/** Cases that are measured alike and share a table. */
export interface Group {
  readonly name: string;
  /** What is measured, in a sentence. */
  readonly about: string;
  /** What the cells of its table show. */
  readonly unit: string;
  /** Part of the time of a run that is kept for it. */
  readonly fraction: number;
  /** Whether a process serves one case or all of them; "call" measures the first call of processes made for it. */
  processPer(settings: Settings): "case" | "group" | "call";
  cases(settings: Settings): readonly Case[];
  /** Whether rows say how much memory was needed. */
  readonly withMemory?: boolean;
  /** What else a row says, from the ms of one unit of the task. */
  figures?(task: Task, ms: number): Readonly<Record<string, number>>;
  /** A row as text; default milliseconds. */
  cell?(row: Row): string;
}
