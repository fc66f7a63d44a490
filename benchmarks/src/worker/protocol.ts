import type { Task } from "../tasks/task.ts";

/** Adapter of an implementation in a page. */
export interface PageDevice {
  readonly adapter: string;
  /** Whether it is a software adapter: the CPU emulates the GPU. */
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
  readonly source?: ProgramSource;
}

/** A file with a function `program` in Python for JAX: of all arrays in order, the inputs and then the constants of the program. */
export interface ProgramSource {
  readonly file: string;
  /** Arrays of the state, which the function returns anew before the loss. */
  readonly carried: number;
  readonly inputs: number;
}

/** Requests to a process: one line of JSON each way, on standard input and output, the same for every language. */
export type Request =
  | { readonly type: "describe" }
  /** Prepares a task and runs it `calls` times. */
  | {
      readonly type: "prepare";
      readonly task: Task;
      /** Without arrays in a file the worker draws the same arrays itself. */
      readonly arrays?: SharedArrays;
      readonly calls: number;
    }
  /** Calls until the budget in ms is spent, at least `calls` times, after `untimed` calls. */
  | { readonly type: "run"; readonly budget: number; readonly calls: number; readonly untimed: number }
  | { readonly type: "figures"; readonly withMemory: boolean };

/** Answers; `error` for a failed request. */
export interface Answers {
  /** `device`: the adapter that a page computes on. */
  readonly describe: { readonly description: string; readonly device?: PageDevice };
  /** `first`: ms of making ready and of the first call. `values`: the result of each call. */
  readonly prepare: { readonly first: number; readonly values: readonly number[] };
  /** `times`: ms of each call. `cpu`: ms of processor time of the whole turn, all threads. */
  readonly run: { readonly times: readonly number[]; readonly cpu: number };
  /** With memory: `peakBytes`, the peak memory of the process, and the implementation's own numbers. */
  readonly figures: { readonly figures: Readonly<Record<string, number>> };
}

/** The prefix of an answer, on a separate line, because libraries also print to standard output. */
export const answerPrefix = "@answer ";
