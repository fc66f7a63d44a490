import type { DenseTensor } from "../array/tensor.ts";
import type { Plan } from "../compiler/plan.ts";
import type { Program } from "../program/program.ts";

/** How a backend runs programs on this machine. */
export interface BackendDescription {
  /** Its name. */
  readonly backend: string;
  /** Width of a vector and whether a multiply-add rounds once; "none" where numbers are handled one by one. */
  readonly simd: string;
  /** Of a GPU: its name and how it is reached, once it was used. */
  readonly device?: string;
}

/** Options of preparing a program. */
export interface PrepareOptions {
  /** Most threads that a call may use; default as many as the environment offers. */
  readonly threads?: number;
}

/** The time of each kernel in one run of a plan. */
export interface PlanTimes {
  readonly plan: Plan;
  /** ms in each kernel, measured one after another on one thread. */
  readonly milliseconds: readonly number[];
}

/** A prepared program. */
export interface Executable {
  run(inputs: readonly DenseTensor[]): DenseTensor[];
  /** Runs kernel by kernel and measures each; only backends with kernels have it. */
  profile?(inputs: readonly DenseTensor[]): PlanTimes;
  /** Gives its memory back at once, in workers and on devices too; the program must not run afterwards. */
  release?(): void;
  /** Bytes of memory that the program keeps. */
  readonly bytes: number;
  /** Launches of one run: kernels of a compiled backend, equations of an interpreting one. */
  readonly launches: number;
  /** Threads that the next call may use. */
  readonly threads: number;
}

/** A backend whose results are there at once. */
export interface Backend {
  readonly name: string;
  prepare(program: Program, options?: PrepareOptions): Executable;
  describe(): BackendDescription;
}
