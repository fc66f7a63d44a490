import type { Inputs } from "../tasks/inputs.ts";
import type { Task } from "../tasks/task.ts";

/** A prepared task of an implementation. */
export interface Prepared {
  /** Runs the task once. The result is computed when this function returns or resolves. */
  call(): void | Promise<void>;
  /** A number that detects wrong results: the loss of the next unread step, or the sum of squares of the last result. */
  value(): number | Promise<number>;
  /** Runs of the task per call; default 1. Times are divided by this number. */
  readonly repeats?: number;
  /** Other numbers: threads, kept bytes; with memory also numbers that take time to compute. */
  figures?(withMemory: boolean): Readonly<Record<string, number>>;
}

/** Settings of an implementation. */
export interface ImplementationOptions {
  readonly backend?: string;
  /** Default: the implementation's own default. */
  readonly threads?: number;
}

/** A library, or handwritten loops, for tasks. A new implementation is a module with these functions. */
export interface Implementation {
  prepare(task: Task, inputs: Inputs, options: ImplementationOptions): Prepared | Promise<Prepared>;
  /** Description in one line: version, vector width. */
  describe(): string | Promise<string>;
}

/** The sum of squares of an array. */
export function sumOfSquares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}
