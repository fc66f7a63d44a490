import { DomainError } from "../array/errors.ts";
import { mustBe, optionsOf } from "../array/mustBe.ts";
import type { Tensor } from "../array/tensor.ts";
import type { TensorType } from "../array/tensorType.ts";
import { type Flattened, flatten, type Structure, type Sync, unflatten } from "../array/tree.ts";
import { currentGroup, currentLabel, under } from "../interpret/interpreter.ts";
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
  readonly names = new Map<Tensor, string>();
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
      group: currentGroup(),
    });
    return output;
  }

  call(callable: Callable, args: readonly Tensor[]): readonly Tensor[] {
    return callable.body(args);
  }

  /** The first name of a value stays. */
  nameValue(x: Tensor, name: string): void {
    if (!this.names.has(x)) this.names.set(x, name);
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
  /** Names of the arguments, in order; without this option inputs have no names. */
  readonly names?: readonly (string | undefined)[];
}

/** The name of an input: name of its argument and path inside, without a name the path alone; undefined for a bare tensor. */
function inputName(path: string, names: readonly (string | undefined)[]): string | undefined {
  const [, index, inside] = /^\[(\d+)\](.*)$/s.exec(path)!;
  const argument = names[Number(index)];
  if (argument !== undefined) return argument + inside;
  return inside.startsWith(".") ? inside.slice(1) : undefined;
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
  const { names } = options;
  if (names) {
    inputs.forEach((x, i) => {
      const name = inputName(args.paths[i], names);
      if (name !== undefined) interpreter.nameValue(x, name);
    });
  }
  const out = under(interpreter, () => {
    const result = (f as (...args: unknown[]) => unknown)(...(unflatten(args.structure, inputs) as unknown[]));
    return flatten(result, name);
  });
  const outputs = out.leaves.map((leaf) => asTensor(leaf));
  return { program: new Program(inputs, interpreter.equations, outputs, interpreter.names), structure: out.structure };
}

/**
 * The program that a function performs on arguments of these types: it can be printed, walked over and interpreted.
 *
 * Inputs are named by their path in the arguments (`layers[0].weight`), after the name of the argument where the options give one;
 * results by {@link named}.
 *
 *   trace(f)(...args) → Program
 */
export function trace<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Sync<Out>,
  options: Pick<TraceOptions, "names"> = {},
): (...args: Args) => Program {
  mustBe("trace", "f", f, "function");
  const names = namesOf(optionsOf("trace", options));
  return (...args) =>
    traceFlat(f as (...args: never[]) => unknown, flatten(args, "trace"), "trace", { withSource: true, names }).program;
}

/**
 * The names of arguments among the options of trace.
 *
 * @throws DTypeError unless they are a list of texts; undefined leaves an argument without a name
 */
function namesOf({ names = [] }: Pick<TraceOptions, "names">): readonly (string | undefined)[] {
  mustBe("trace", "names", names, "list");
  for (const [i, name] of names.entries()) if (name !== undefined) mustBe("trace", `names[${i}]`, name, "text");
  return names;
}
