import type { DType, PrimitiveName, PrimitiveParams, Shape, TensorType } from "@pushforward/tensor";

/** A value in the text that is being written: an expression of Python, with the type of its value. */
export interface Operand {
  readonly text: string;
  /** The shape as it is written: it may be smaller than in the program, where operations broadcast. */
  readonly shape: Shape;
  readonly dtype: DType;
  /** Whether the text is a number of Python, and no array. */
  readonly isNumber: boolean;
}

/**
 * The expression of one primitive. `type` is that of the result; its shape may be smaller than in the program where a later operation
 * broadcasts.
 */
export type Row<P extends PrimitiveName> = (
  operands: readonly Operand[],
  params: PrimitiveParams[P],
  type: Pick<TensorType, "shape" | "dtype">,
) => string;

/** The expression of every primitive: a primitive without a row does not compile. */
export type PrimitiveTable = { readonly [P in PrimitiveName]: Row<P> };

/** A framework that programs are written for. */
export interface Target {
  /** Name of the framework, as in "JAX". */
  readonly title: string;
  /** The module that a user imports to have it. */
  readonly module: string;
  /** Lines at the head of a file. */
  readonly imports: readonly string[];
  /** Names of modules, which values of a program cannot have. */
  readonly reserved: readonly string[];
  readonly rows: PrimitiveTable;
  /** Primitives that take plain numbers of Python among their operands; other operands are made arrays. */
  readonly takesNumbers: ReadonlySet<PrimitiveName>;
  /** Functions that rows may call, by name: those that a text calls are written above it. */
  readonly helpers: Readonly<Record<string, string>>;
  /** Lines that a file of a dtype begins with, such as the check that JAX computes in float64. */
  check(dtype: "float64" | "float32"): readonly string[];
  /** A line with the float type (and the device) of a value in place of float64. */
  inFloatOf(line: string, like: string): string;
  /** An array of one number. `number` is a number of Python. */
  full(shape: Shape, number: string, dtype: DType): string;
  /** An array of one number, of a dtype (and on the device) of another value. */
  fullAs(like: string, shape: Shape, number: string): string;
  /** An array of a constant; `values` is a nested list of Python. */
  array(values: string, dtype: DType): string;
  /** An array of one number, of shape and dtype of another value. */
  fullLike(like: string, number: string): string;
  /** A value repeated to the shape of another one. */
  broadcastLike(x: string, like: string): string;
  /** The number of elements of a value. */
  sizeOf(x: string): string;
  /** The expression of [f(x), Df(x)·dx]. */
  jvp(f: string, primals: string, tangents: string): string;
  /** The functions that vectorise over the first axis, and that differentiate a function of a dictionary. */
  readonly vmap: string;
  readonly grad: string;
  /** The argument of `vmap` that names the mapped axis of each argument of a function. */
  readonly mappedAxes: string;
  /** The function that averages an array. */
  readonly mean: string;
  /** Lines that make a script compute in float64, between the first import and the others. */
  readonly enableFloat64: readonly string[];
  /** An array of the framework from one of NumPy. */
  fromNumpy(x: string): string;
  /** Training loops with `batch_loss`, for a reader; the frozen functions and the arrays are parameters of `batch_loss` after u. */
  readonly loops: readonly Loop[];
  /** An expression of (value, gradients) of a function at arguments, by all of them. */
  valueAndGrad(f: string, count: number, args: string): string;
  /**
   * The lines of `batch_loss`: the mean of `loss` over a batch. Where `loss` has a parameter `normalize`, `batch_loss` has none and divides
   * the weights by their mean over the batch.
   */
  batchLoss(parameters: LossParameters): readonly string[];
}

/** Names of the parameters of `loss` in order, in the notation of Python. */
export interface LossParameters {
  readonly functions: readonly string[];
  /** Values of one sample; a batch has them along a first axis. */
  readonly arrays: readonly string[];
  /** Values that all samples share. */
  readonly shared: readonly string[];
}

/** A training loop in a few lines. */
export interface Loop {
  readonly title: string;
  lines(frozen: readonly string[], arrays: readonly string[]): readonly string[];
}
