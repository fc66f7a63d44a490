import type { Task } from "../tasks/task.ts";

/** An array of a task, and where its elements begin in the file of all of them. */
export interface InputPlace {
  readonly name: string;
  readonly shape: readonly number[];
  /** In elements of 4 bytes. */
  readonly offset: number;
}

/** What a process is asked. One line of JSON each way, on standard input and output; the same for every language. */
export type Request =
  | { readonly type: "describe" }
  /** Makes a task ready and does it `calls` times. */
  | {
      readonly type: "prepare";
      readonly task: Task;
      readonly file: string;
      readonly inputs: readonly InputPlace[];
      readonly calls: number;
    }
  /** Calls until the budget in ms is spent, at least `calls` times, after `untimed` calls. */
  | { readonly type: "run"; readonly budget: number; readonly calls: number; readonly untimed: number }
  | { readonly type: "figures"; readonly withMemory: boolean };

/** What it answers; `error` to anything that failed. */
export interface Answers {
  readonly describe: { readonly description: string };
  /** `first`: ms of making ready and of the first call. `values`: what each call gave. */
  readonly prepare: { readonly first: number; readonly values: readonly number[] };
  /** `times`: ms of each call. `cpu`: ms of processor time of the whole turn, all threads. */
  readonly run: { readonly times: readonly number[]; readonly cpu: number };
  /** With memory: `peakBytes`, the most that the process ever had, and what the implementation knows. */
  readonly figures: { readonly figures: Readonly<Record<string, number>> };
}

/** An answer on a line of its own begins with this: libraries print what they like. */
export const answerPrefix = "@answer ";
