import { mustBe } from "../array/mustBe.ts";
import type { Tensor } from "../array/tensor.ts";
import type { Primitive } from "../primitives/primitive.ts";
import { evaluation } from "./evaluation.ts";
import { type Callable, escaped, type Interpreter, Tracer } from "./tracer.ts";

let current: Interpreter = evaluation;

/** The interpreter that handles operations right now. */
export const currentInterpreter = (): Interpreter => current;

/** Whether operations are evaluated at once, so that no transform or trace is running. */
export const isEager = (): boolean => current === evaluation;

/** Runs `f` under `interpreter` and restores the previous one, also after an error. */
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

/** Equations that belong together, such as those of one call of a network. Two groups of one name are two groups. */
export interface Group {
  readonly name: string;
}

let group: Group | undefined;

/** The group of the equations recorded now. */
export const currentGroup = (): Group | undefined => group;

/** Runs `f` so that the equations that it records belong to a group; the innermost group counts. */
export function inGroup<T>(inner: Group | undefined, f: () => T): T {
  const previous = group;
  group = inner;
  try {
    return f();
  } finally {
    group = previous;
  }
}

/**
 * Runs `f` as a new group, which a drawing of the program shows as one box. The derivatives of its equations belong to it too.
 *
 *   const u = (x: Tensor) => grouped("network", () => network(params, x))
 */
export function grouped<T>(name: string, f: () => T): T {
  mustBe("grouped", "the name", name, "text");
  mustBe("grouped", "f", f, "function");
  return inGroup({ name }, f);
}

/**
 * The same value. A program that is traced around it shows the value under this name; the name has no effect on values, derivatives
 * and compiled code.
 *
 *   const target = named(v.add(t.sub(s).mul(dU)), "target")
 */
export function named<X extends Tensor>(x: X, name: string): X {
  mustBe("named", "x", x, "tensor");
  mustBe("named", "the name", name, "text");
  if (x instanceof Tracer) x.interpreter.nameValue?.(x, name);
  return x;
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
