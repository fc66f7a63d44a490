import { ShapeError } from "../array/errors.ts";
import { mustBe } from "../array/mustBe.ts";
import type { Tensor } from "../array/tensor.ts";
import { bind, named } from "../interpret/interpreter.ts";
import { mustBeProgram } from "./equation.ts";
import type { Program } from "./program.ts";

/**
 * Performs a program's equations on new inputs under the current interpreter.
 *
 * @throws ShapeError unless there is one input for each input of the program
 */
export function interpret(program: Program, inputs: readonly Tensor[]): Tensor[] {
  mustBeProgram("interpret", program);
  mustBe("interpret", "the inputs", inputs, "list");
  if (inputs.length !== program.inputs.length)
    throw new ShapeError(`interpret: the program takes ${program.inputs.length} input(s), got ${inputs.length}`);
  const values = new Map<Tensor, Tensor>(program.inputs.map((variable, i) => [variable, inputs[i]]));
  const read = (x: Tensor): Tensor => values.get(x) ?? x;
  for (const { primitive, operands, params, output } of program.equations) {
    const value = bind(primitive, operands.map(read), params);
    const name = program.names.get(output);
    values.set(output, name === undefined ? value : named(value, name));
  }
  return program.outputs.map(read);
}
