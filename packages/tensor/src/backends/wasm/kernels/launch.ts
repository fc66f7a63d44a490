import type { FunctionReference } from "../assembler/moduleBuilder.ts";

/** One call of a kernel function over work items [lo, hi), or of a host function. */
export type Launch = FunctionLaunch | HostLaunch;

/** A function of the module: (lo, hi, chunk) → nothing; work items may be split between threads at will. */
export interface FunctionLaunch {
  readonly kind: "function";
  readonly name: string;
  /** Index of the plan's kernel that it belongs to. */
  readonly kernel: number;
  readonly workItems: number;
  /** Rough cost of one work item, in ns: cheap launches run on one thread. */
  readonly cost: number;
  readonly target: FunctionReference;
  /** Elements of every result that one work item computes, in order; undefined where a work item is not a range of elements. */
  readonly span?: number;
  /** Launches that compute the same one after another. */
  readonly parts?: readonly FunctionLaunch[];
}

/** Work in JavaScript on the module's memory. */
export interface HostLaunch {
  readonly kind: "host";
  readonly kernel: number;
  run(memory: ArrayBufferLike): void;
}
