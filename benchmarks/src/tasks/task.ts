/** One optimiser step of MeanFlow on a perceptron of x, s and t. */
export interface StepTask {
  readonly kind: "step";
  readonly batch: number;
  readonly width: number;
  /** Hidden layers. */
  readonly depth: number;
  /** sg: the target is stopped, as published. full: the derivative goes through the target, reverse over forward. */
  readonly loss: "sg" | "full";
}

/** `count` products x ← x·a, each of the last one's result, so that none can be left out. */
export interface MatmulTask {
  readonly kind: "matmul";
  readonly size: number;
  readonly count: number;
}

/** A function of every element of a vector. */
export interface ElementwiseTask {
  readonly kind: "elementwise";
  readonly name: "exp" | "tanh" | "siluGradient" | "expChain" | "tanhChain";
  readonly size: number;
}

/** Sums of a matrix along an axis, or of all of it. */
export interface ReductionTask {
  readonly kind: "reduction";
  readonly shape: readonly [number, number];
  readonly axis: 0 | 1 | null;
}

/** `count` small operations one after another, each of the last one's result: what a call costs. */
export interface OverheadTask {
  readonly kind: "overhead";
  readonly name: "add" | "tanh" | "matmul" | "compiledAdd";
  readonly count: number;
}

/** Something that every implementation can do and that is timed. */
export type Task = StepTask | MatmulTask | ElementwiseTask | ReductionTask | OverheadTask;

/** Repetitions inside the chains of elementwise functions. */
export const chainLength = 8;

/** What a task costs per call: its times are divided by this, so that a figure is that of one product or one operation. */
export function unitsOf(task: Task): number {
  if (task.kind === "matmul" || task.kind === "overhead") return task.count;
  if (task.kind === "elementwise" && task.name.endsWith("Chain")) return chainLength;
  return 1;
}

/** Widths of the network from its input (x, s, t) to its velocity. */
export const stepSizes = (width: number, depth: number): number[] => [4, ...new Array<number>(depth).fill(width), 2];
