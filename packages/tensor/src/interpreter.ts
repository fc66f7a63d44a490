import { DTypeError } from "./errors.ts";
import { PendingTensor } from "./pending.ts";
import type { Primitive } from "./primitives/primitive.ts";
import { DenseTensor, Tensor, type TensorType } from "./tensor.ts";

/**
 * Gives every operation its meaning right now: evaluate, differentiate, batch or record.
 * A traced value belongs to one interpreter and is a constant for all others.
 */
export interface Interpreter {
  readonly name: string;
  /** How many times `under` has entered it and not yet left; its values are alive while this is positive. */
  depth: number;
  bind<P extends object>(primitive: Primitive<P>, operands: readonly Tensor[], params: P): Tensor;
  call(callable: Callable, args: readonly Tensor[]): readonly Tensor[];
}

/** A function with rules of its own (customJvp, customVjp, checkpoint); interpreters that know none of them run the body. */
export interface Callable {
  readonly name: string;
  body(args: readonly Tensor[]): readonly Tensor[];
}

/** A value that stands for a computation of its interpreter. */
export abstract class Tracer extends Tensor {
  abstract readonly interpreter: Interpreter;
}

/** Runs primitives on values, by their reference evaluation. */
export const evaluation: Interpreter = {
  name: "evaluation",
  depth: 1,
  bind(primitive, operands, params) {
    const dense = operands.map((x) => requireDense(primitive.name, x));
    return evaluate(primitive, dense, params);
  },
  call: (callable, args) => callable.body(args),
};

/** One primitive on values: shape rule, then the reference loops. */
export function evaluate<P extends object>(
  primitive: Primitive<P>,
  operands: readonly DenseTensor[],
  params: P,
): DenseTensor {
  const type = primitive.type(operands, params);
  return new DenseTensor(primitive.eval(operands, params, type), type.shape, type.dtype, type.weak);
}

/** The value itself; a traced one has escaped from where it means something, one that is still computed is not there yet. */
export function requireDense(operation: string, x: Tensor): DenseTensor {
  if (x instanceof DenseTensor) return x;
  if (x instanceof PendingTensor) return x.concrete(operation);
  throw escaped(operation, x);
}

/** The error for a traced value where it means nothing. */
export function escaped(operation: string, x: Tensor): DTypeError {
  const [name, isRunning] =
    x instanceof Tracer ? [x.interpreter.name, x.interpreter.depth > 0] : ["a transform", false];
  const why = isRunning
    ? "it was stored where this computation cannot see its transform; pass it as an argument instead"
    : "it was kept after its transform ended, or stored outside it; return it from the function instead";
  return new DTypeError(`${operation}: a value of ${name} escaped: ${why}`);
}

let current: Interpreter = evaluation;

/** The interpreter that handles operations right now. */
export const currentInterpreter = (): Interpreter => current;

/** Whether operations are evaluated at once, so that no transform or trace is running. */
export const isEager = (): boolean => current === evaluation;

/** Runs `f` with `interpreter` in charge and restores the previous one, also after an error. */
export function under<T>(interpreter: Interpreter, f: () => T): T {
  const previous = current;
  current = interpreter;
  interpreter.depth++;
  try {
    return f();
  } finally {
    interpreter.depth--;
    current = previous;
  }
}

let label: string | undefined;

/** The label that equations recorded now carry. */
export const currentLabel = (): string | undefined => label;

/** Runs `f` with a label for the equations that it records, e.g. the part of a derivative that they compute. */
export function labelled<T>(name: string, f: () => T): T {
  const previous = label;
  label = name;
  try {
    return f();
  } finally {
    label = previous;
  }
}

/** Applies a primitive under the current interpreter. */
export function bind<P extends object>(primitive: Primitive<P>, operands: readonly Tensor[], params: P): Tensor {
  for (const x of operands) checkAlive(primitive.name, x);
  return current.bind(primitive, operands, params);
}

/** Applies a callable under the current interpreter. */
export function call(callable: Callable, args: readonly Tensor[]): readonly Tensor[] {
  for (const x of args) checkAlive(callable.name, x);
  return current.call(callable, args);
}

function checkAlive(operation: string, x: Tensor): void {
  if (x instanceof Tracer && x.interpreter.depth === 0) throw escaped(operation, x);
}

/** Shape, dtype and weakness alone. */
export const typeOf = (x: TensorType): TensorType => ({ shape: x.shape, dtype: x.dtype, weak: x.weak });
