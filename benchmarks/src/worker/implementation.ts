import type { Inputs } from "../tasks/inputs.ts";
import type { Task } from "../tasks/task.ts";

/** A task made ready by one implementation. */
export interface Prepared {
  /** Does the task once; its result is there, computed, when this returns or resolves. */
  call(): void | Promise<void>;
  /** A number that tells a wrong result: the loss of the next step that was not told yet, or the sum of squares of what the last call made. */
  value(): number | Promise<number>;
  /** How often a call does the task; default once. Its times are divided by this. */
  readonly repeats?: number;
  /** What else is known: threads, bytes kept; with memory also what takes time to find out. */
  figures?(withMemory: boolean): Readonly<Record<string, number>>;
}

/** Settings of an implementation, from the one who starts it. */
export interface ImplementationOptions {
  readonly backend?: string;
  /** Default: what the implementation takes by itself. */
  readonly threads?: number;
}

/** A library, or loops written by hand, that can do tasks. A module of these is all that a further one takes. */
export interface Implementation {
  prepare(task: Task, inputs: Inputs, options: ImplementationOptions): Prepared | Promise<Prepared>;
  /** What it is, in a line: version, vector width. */
  describe(): string | Promise<string>;
}

/** The sum of squares of an array. */
export function sumOfSquares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}
