import type { Task } from "../tasks/task.ts";

/** What an implementation computes on in a page. */
export interface PageDevice {
  readonly adapter: string;
  /** Whether a processor plays the GPU. */
  readonly isSoftware: boolean;
}

/** An array of a task, and where its elements begin in the file of all of them. */
export interface InputPlace {
  readonly name: string;
  readonly shape: readonly number[];
  /** In elements of 4 bytes. */
  readonly offset: number;
}

/** A file of all arrays of a task. */
export interface SharedArrays {
  readonly file: string;
  readonly places: readonly InputPlace[];
}

/** What a process is asked. One line of JSON each way, on standard input and output; the same for every language. */
export type Request =
  | { readonly type: "describe" }
  /** Makes a task ready and does it `calls` times. */
  | {
      readonly type: "prepare";
      readonly task: Task;
      /** Without them whoever is asked draws the same arrays itself. */
      readonly arrays?: SharedArrays;
      readonly calls: number;
    }
  /** Calls until the budget in ms is spent, at least `calls` times, after `untimed` calls. */
  | { readonly type: "run"; readonly budget: number; readonly calls: number; readonly untimed: number }
  | { readonly type: "figures"; readonly withMemory: boolean };

/** What it answers; `error` to anything that failed. */
export interface Answers {
  /** `device`: the adapter that a page computes on. */
  readonly describe: { readonly description: string; readonly device?: PageDevice };
  /** `first`: ms of making ready and of the first call. `values`: what each call gave. */
  readonly prepare: { readonly first: number; readonly values: readonly number[] };
  /** `times`: ms of each call. `cpu`: ms of processor time of the whole turn, all threads. */
  readonly run: { readonly times: readonly number[]; readonly cpu: number };
  /** With memory: `peakBytes`, the most that the process ever had, and what the implementation knows. */
  readonly figures: { readonly figures: Readonly<Record<string, number>> };
}

/** An answer on a line of its own begins with this: libraries print what they like. */
export const answerPrefix = "@answer ";
