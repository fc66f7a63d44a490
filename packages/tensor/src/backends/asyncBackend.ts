import type { DenseTensor } from "../array/tensor.ts";
import type { Program } from "../program/program.ts";
import type { BackendDescription, Executable } from "./backend.ts";

/** A prepared program whose results are awaited. */
export interface AsyncExecutable extends Omit<Executable, "run"> {
  /**
   * Waits until the program is prepared, where that takes a while.
   *
   * @throws BackendError for a program that cannot run, if `prepare` has not refused it
   */
  prepared?(): Promise<unknown>;
  /** Calls may overlap; each is a run of its own. */
  start(inputs: readonly DenseTensor[]): Promise<DenseTensor[]>;
  /** The GPU that the last call ran on, in words; undefined before the first call, and on the CPU. */
  readonly device: string | undefined;
}

/** A backend whose results are awaited. */
export interface AsyncBackend {
  readonly name: string;
  readonly isAsync: true;
  /** @throws BackendError for a program that it cannot run */
  prepare(program: Program): AsyncExecutable;
  describe(): BackendDescription;
}
