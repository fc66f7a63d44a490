import type { Row } from "../report/row.ts";
import type { Role } from "../run/contenders.ts";
import type { Settings } from "../run/settings.ts";
import type { Task } from "../tasks/task.ts";

/** A task for all contenders. */
export interface Case {
  readonly name: string;
  readonly task: Task;
  readonly roles: readonly Role[];
}

/** Cases with the same method and a common table. */
export interface Group {
  readonly name: string;
  /** Description of the measurement, in a sentence. */
  readonly about: string;
  /** Unit of the cells of its table. */
  readonly unit: string;
  /** Fraction of the time of a run. */
  readonly fraction: number;
  /** Whether a process serves one case or all of them; "call" measures the first call of fresh processes. */
  processPer(settings: Settings): "case" | "group" | "call";
  cases(settings: Settings): readonly Case[];
  /** Whether rows contain the memory. */
  readonly withMemory?: boolean;
  /** Other numbers of a row, from the ms of one unit of the task. */
  figures?(task: Task, ms: number): Readonly<Record<string, number>>;
  /** A row as text; default milliseconds. */
  cell?(row: Row): string;
}
