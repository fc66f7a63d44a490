import { ShapeError } from "../array/errors.ts";
import type { Tensor } from "../array/tensor.ts";
import { type Equation, mustBeProgram, type ProgramParts, Variable } from "./equation.ts";
import { type PrintOptions, printProgram } from "./printProgram.ts";
import { type ProgramJson, programToJson } from "./programJson.ts";

/**
 * A straight-line program: inputs, equations in order, outputs.
 * An operand that is not a variable of the program is a constant.
 */
export class Program implements ProgramParts {
  readonly inputs: readonly Variable[];
  readonly equations: readonly Equation[];
  readonly outputs: readonly Tensor[];
  readonly names: ReadonlyMap<Tensor, string>;

  constructor(
    inputs: readonly Variable[],
    equations: readonly Equation[],
    outputs: readonly Tensor[],
    names: ReadonlyMap<Tensor, string> = new Map(),
  ) {
    this.inputs = inputs;
    this.equations = equations;
    this.outputs = outputs;
    this.names = names;
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

/** Most equations of a program; tracing more is an error that advises to compile the body of a loop. */
export const maxEquations = 50_000;

/** Throws unless every variable is defined before it is used and every shape follows from its operands. */
export function checkProgram(program: Program): void {
  mustBeProgram("checkProgram", program);
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
