import { DenseTensor, type Equation, type Program, type Tensor } from "@pushforward/tensor";
import { boundOf, type Uncertain } from "./boundOf.ts";

/** A result of the reference, and the largest error allowed of compiled code. */
export interface BoundedResult {
  readonly value: DenseTensor;
  /** |compiled − value| ≤ bound, element by element; Infinity where rounding may decide between values far apart. */
  readonly bound: Float64Array;
}

/**
 * Interprets a program and propagates error bounds by the rules of single operations.
 *
 * Every operation turns the bounds of its operands into a bound of its result: a map is computed at both ends of the interval of an
 * operand, a sum adds the bounds of its terms. So the bounds follow cancellations and kinks.
 */
export function errorBounds(program: Program, inputs: readonly DenseTensor[]): BoundedResult[] {
  const known = new Map<Tensor, Uncertain>(
    program.inputs.map((variable, i): [Tensor, Uncertain] => [variable, { value: inputs[i], bound: undefined }]),
  );
  const read = (x: Tensor): Uncertain => known.get(x) ?? { value: x.concrete("errorBounds"), bound: undefined };
  for (const equation of program.equations) known.set(equation.output, step(equation, equation.operands.map(read)));
  return program.outputs.map(read).map(({ value, bound }) => ({ value, bound: bound ?? new Float64Array(value.size) }));
}

function step({ primitive, params, output }: Equation, operands: readonly Uncertain[]): Uncertain {
  const evaluate = (values: readonly DenseTensor[]): DenseTensor =>
    new DenseTensor(primitive.eval(values, params, output), output.shape, output.dtype, output.weak);
  const value = evaluate(operands.map((x) => x.value));
  return { value, bound: boundOf({ primitive, params, evaluate }, operands, value) };
}
