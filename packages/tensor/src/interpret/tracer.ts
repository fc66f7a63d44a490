import { DTypeError } from "../array/errors.ts";
import { Tensor } from "../array/tensor.ts";
import type { Primitive } from "../primitives/primitive.ts";

/**
 * Defines what operations do while it is current: evaluate, differentiate, batch or record.
 * A traced value belongs to one interpreter and is a constant for all others.
 */
export interface Interpreter {
  readonly name: string;
  /** Number of calls of `under` that run it now; its values are alive while this is positive. */
  depth: number;
  bind<P extends object>(primitive: Primitive<P>, operands: readonly Tensor[], params: P): Tensor;
  call(callable: Callable, args: readonly Tensor[]): readonly Tensor[];
  /** Remembers a name for one of its values; an interpreter without this method ignores names. */
  nameValue?(x: Tensor, name: string): void;
}

/** A function with rules of its own (customJvp, customVjp, checkpoint); an interpreter without such a rule runs the body. */
export interface Callable {
  readonly name: string;
  body(args: readonly Tensor[]): readonly Tensor[];
}

/** A value that stands for a computation of its interpreter. */
export abstract class Tracer extends Tensor {
  abstract readonly interpreter: Interpreter;
}

/** The error for a traced value that is used outside its transform. */
export function escaped(operation: string, x: Tensor): DTypeError {
  const [name, isRunning] =
    x instanceof Tracer ? [x.interpreter.name, x.interpreter.depth > 0] : ["a transform", false];
  const why = isRunning
    ? "it was stored where this computation cannot see its transform; pass it as an argument instead"
    : "it was kept after its transform ended, or stored outside it; return it from the function instead";
  return new DTypeError(`${operation}: a value of ${name} escaped: ${why}`);
}
