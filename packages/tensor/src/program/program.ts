import type { DType } from "../dtype.ts";
import { DTypeError, ShapeError } from "../errors.ts";
import { escaped, type Interpreter, Tracer } from "../interpreter.ts";
import type { Primitive } from "../primitives/primitive.ts";
import type { Shape } from "../shape.ts";
import type { DenseTensor, Tensor, TensorType } from "../tensor.ts";
import { type PrintOptions, printProgram } from "./printProgram.ts";
import { type ProgramJson, programToJson } from "./programJson.ts";

/** A value of a program: an input or the output of one equation. */
export class Variable extends Tracer {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly weak: boolean;
  readonly readable = false;
  readonly interpreter: Interpreter;

  constructor(interpreter: Interpreter, type: TensorType) {
    super();
    this.interpreter = interpreter;
    this.shape = type.shape;
    this.dtype = type.dtype;
    this.weak = type.weak;
  }

  override concrete(operation: string): DenseTensor {
    if (this.interpreter.depth === 0) throw escaped(operation, this);
    throw new DTypeError(
      `${operation}: a value being traced has no numbers yet; move what needs them outside of ${this.interpreter.name}, or use where() instead of if`,
    );
  }
}

/** One application of a primitive: operands are variables of the program, or constants. */
export interface Equation {
  readonly primitive: Primitive<object>;
  readonly operands: readonly Tensor[];
  readonly params: object;
  readonly output: Variable;
  /** Where the user's code applied it, when recorded for a person. */
  readonly source?: string;
  /** What it is part of: "tangent" and "cotangent" are set by derivatives, others by `labelled`. */
  readonly label?: string;
}

/**
 * A straight-line program: inputs, equations in order, outputs.
 * Every operand that is no variable of it is a constant.
 */
export class Program {
  readonly inputs: readonly Variable[];
  readonly equations: readonly Equation[];
  readonly outputs: readonly Tensor[];

  constructor(inputs: readonly Variable[], equations: readonly Equation[], outputs: readonly Tensor[]) {
    this.inputs = inputs;
    this.equations = equations;
    this.outputs = outputs;
  }

  /** The program as text, one equation a line. */
  print(options?: PrintOptions): string {
    return printProgram(this, options);
  }

  toString(): string {
    return this.print();
  }

  /** The program as plain data. */
  toJSON(): ProgramJson {
    return programToJson(this);
  }
}

/** More equations than this are an error that names the loop to compile piecewise. */
export const maxEquations = 50_000;

/** Distinct operands and outputs that are not computed by the program. */
export function constantsOf(program: Program): Tensor[] {
  const known = new Set<Tensor>([...program.inputs, ...program.equations.map((equation) => equation.output)]);
  const used = [...program.equations.flatMap((equation) => equation.operands), ...program.outputs];
  return [...new Set(used.filter((x) => !known.has(x)))];
}

/** Throws unless every variable is defined before it is used and every shape follows from its operands. */
export function checkProgram(program: Program): void {
  const known = new Set<Tensor>(program.inputs);
  program.equations.forEach(({ primitive, operands, params, output }, line) => {
    const stray = operands.find((x) => x instanceof Variable && x.interpreter === output.interpreter && !known.has(x));
    if (stray)
      throw new ShapeError(
        `program: equation ${line} (${primitive.name}) uses a variable that no earlier equation defines`,
      );
    const type = primitive.type(operands, params);
    if (type.dtype !== output.dtype || type.shape.join() !== output.shape.join()) {
      throw new ShapeError(
        `program: equation ${line} (${primitive.name}) declares [${output.shape}] but computes [${type.shape}]`,
      );
    }
    known.add(output);
  });
}
