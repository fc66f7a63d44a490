/** One optimiser step of MeanFlow on a perceptron of x, s and t. */
export interface StepTask {
  readonly kind: "step";
  readonly batch: number;
  readonly width: number;
  /** Hidden layers. */
  readonly depth: number;
  /** sg: the target is stopped, as published. full: the derivative passes through the target, reverse over forward. */
  readonly loss: "sg" | "full";
}

/** `count` products x ← x·a, each of the previous result, so that none can be skipped. */
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

/** Sums along an axis, along several axes, or of all elements. */
export interface ReductionTask {
  readonly kind: "reduction";
  readonly shape: readonly number[];
  readonly axis: number | readonly number[] | null;
}

/** `count` small operations one after another, each of the previous result, to measure the overhead of a call. */
export interface OverheadTask {
  readonly kind: "overhead";
  readonly name: "add" | "tanh" | "matmul" | "compiledAdd";
  readonly count: number;
}

/** A convolution of square pictures by a kernel of 3 × 3 places with padding "same", or the product of matrices with its sizes. */
export interface ConvTask {
  readonly kind: "conv";
  readonly name: "pictures" | "gradient of pictures" | "gradient of the kernel" | "product";
  readonly batch: number;
  readonly side: number;
  readonly channels: number;
  readonly outputs: number;
}

/**
 * Products of attention, queries [batch, tokens, heads · size] and keys or values of the same shape: scores q·kᵀ, values P·v for given
 * weights P, the core softmax(q·kᵀ/√size)·v, and one product of matrices with as many operations as the scores.
 */
export interface AttentionTask {
  readonly kind: "attention";
  readonly name: "scores" | "values" | "core" | "product";
  readonly batch: number;
  readonly heads: number;
  readonly tokens: number;
  readonly size: number;
}

/** One optimiser step of MeanFlow on a network of pictures of 28 × 28 pixels. */
export interface NetworkTask {
  readonly kind: "network";
  readonly batch: number;
  readonly network:
    | { readonly name: "unet"; readonly width: number; readonly levels: readonly number[] }
    | {
        readonly name: "dit";
        readonly patch: number;
        readonly dim: number;
        readonly depth: number;
        readonly checkpoint?: boolean;
      };
}

/** A timed task for all implementations. */
export type Task =
  | AttentionTask
  | NetworkTask
  | ConvTask
  | StepTask
  | MatmulTask
  | ElementwiseTask
  | ReductionTask
  | OverheadTask;

/** Repetitions inside the chains of elementwise functions. */
export const chainLength = 8;

/** Units of a task per call. Times are divided by this number, so that a result refers to one product or one operation. */
export function unitsOf(task: Task): number {
  if (task.kind === "matmul" || task.kind === "overhead") return task.count;
  if (task.kind === "elementwise" && task.name.endsWith("Chain")) return chainLength;
  return 1;
}

/** Widths of the network from its input (x, s, t) to its velocity. */
export const stepSizes = (width: number, depth: number): number[] => [4, ...new Array<number>(depth).fill(width), 2];
