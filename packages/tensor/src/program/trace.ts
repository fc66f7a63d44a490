import { DomainError } from "../array/errors.ts";
import { mustBe } from "../array/mustBe.ts";
import type { Tensor } from "../array/tensor.ts";
import type { TensorType } from "../array/tensorType.ts";
import { type Flattened, flatten, type Structure, type Sync, unflatten } from "../array/tree.ts";
import { currentLabel, under } from "../interpret/interpreter.ts";
import type { Callable, Interpreter } from "../interpret/tracer.ts";
import { asTensor } from "../ops/operands.ts";
import type { Primitive } from "../primitives/primitive.ts";
import { type Equation, Variable } from "./equation.ts";
import { maxEquations, Program } from "./program.ts";
import { callerLine } from "./sourceLine.ts";

/** Records every operation as an equation. */
export class TraceInterpreter implements Interpreter {
  readonly name: string;
  depth = 0;
  readonly equations: Equation[] = [];
  private readonly withSource: boolean;

  constructor(name: string, withSource = false) {
    this.name = name;
    this.withSource = withSource;
  }

  input(type: TensorType): Variable {
    return new Variable(this, type);
  }

  bind<P extends object>(primitive: Primitive<P>, operands: readonly Tensor[], params: P): Tensor {
    const output = new Variable(this, primitive.type(operands, params));
    if (this.equations.length >= maxEquations) {
      throw new DomainError(
        `${this.name}: the program has more than ${maxEquations} equations; a loop unrolls while tracing, compile its body and loop outside`,
      );
    }
    const source = this.withSource ? callerLine() : undefined;
    this.equations.push({
      primitive: primitive as Primitive<object>,
      operands,
      params,
      output,
      source,
      label: currentLabel(),
    });
    return output;
  }

  call(callable: Callable, args: readonly Tensor[]): readonly Tensor[] {
    return callable.body(args);
  }
}

/** A program with the structure of its result. */
export interface Traced {
  readonly program: Program;
  readonly structure: Structure;
}

/** Options of tracing. */
export interface TraceOptions {
  /** Remember the user's source line of every equation; slow. */
  readonly withSource?: boolean;
}

/**
 * Runs a function on variables of the given types.
 *
 * @param args the flattened arguments: only shape, dtype and weakness are used
 */
export function traceFlat(
  f: (...args: never[]) => unknown,
  args: Flattened,
  name: string,
  options: TraceOptions = {},
): Traced {
  const interpreter = new TraceInterpreter(name, options.withSource);
  const inputs = args.leaves.map((leaf) => interpreter.input(asTensor(leaf)));
  const out = under(interpreter, () => {
    const result = (f as (...args: unknown[]) => unknown)(...(unflatten(args.structure, inputs) as unknown[]));
    return flatten(result, name);
  });
  const outputs = out.leaves.map((leaf) => asTensor(leaf));
  return { program: new Program(inputs, interpreter.equations, outputs), structure: out.structure };
}

/**
 * The program that a function performs on arguments of these types: it can be printed, walked over and interpreted.
 *
 *   trace(f)(...args) → Program
 */
export function trace<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Sync<Out>,
): (...args: Args) => Program {
  mustBe("trace", "f", f, "function");
  return (...args) =>
    traceFlat(f as (...args: never[]) => unknown, flatten(args, "trace"), "trace", { withSource: true }).program;
}
