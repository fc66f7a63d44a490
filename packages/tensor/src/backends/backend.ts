import type { Program } from "../program/program.ts";
import type { DenseTensor } from "../tensor.ts";

/** A program made ready to run on values. */
export interface Executable {
  run(inputs: readonly DenseTensor[]): DenseTensor[];
}

/** A way to run programs. */
export interface Backend {
  readonly name: string;
  prepare(program: Program): Executable;
}
