import { ShapeError } from "../array/errors.ts";
import { mustBe } from "../array/mustBe.ts";
import type { Tensor } from "../array/tensor.ts";
import { bind, named } from "../interpret/interpreter.ts";
import { mustBeProgram, type Variable } from "./equation.ts";
import type { Program } from "./program.ts";

/** Sees every value of a program while it is performed; the result takes the place of the value. */
export type ValueHook = (value: Tensor, variable: Variable) => Tensor;

/**
 * Performs a program's equations on new inputs under the current interpreter.
 *
 * @param through sees every input and every result of an equation; default leaves all as they are
 * @throws ShapeError unless there is one input for each input of the program
 */
export function interpret(
  program: Program,
  inputs: readonly Tensor[],
  through: ValueHook = (value) => value,
): Tensor[] {
  mustBeProgram("interpret", program);
  mustBe("interpret", "the inputs", inputs, "list");
  if (inputs.length !== program.inputs.length)
    throw new ShapeError(`interpret: the program takes ${program.inputs.length} input(s), got ${inputs.length}`);
  const values = new Map<Tensor, Tensor>(program.inputs.map((variable, i) => [variable, through(inputs[i], variable)]));
  const read = (x: Tensor): Tensor => values.get(x) ?? x;
  for (const { primitive, operands, params, output } of program.equations) {
    const value = bind(primitive, operands.map(read), params);
    const name = program.names.get(output);
    values.set(output, through(name === undefined ? value : named(value, name), output));
  }
  return program.outputs.map(read);
}
