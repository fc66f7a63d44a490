import { DenseTensor, type Equation, type Program, type Tensor } from "@pushforward/tensor";
import { boundOf, type Uncertain } from "./boundOf.ts";
import { ulpsOfPrimitive } from "./rules.ts";

/** A result of the reference, and the largest error allowed of compiled code. */
export interface BoundedResult {
  readonly value: DenseTensor;
  /** |compiled − value| ≤ bound, element by element; Infinity where rounding may decide between values far apart. */
  readonly bound: Float64Array;
}

/** Options of errorBounds. */
export interface ErrorBoundOptions {
  /** Largest error of a primitive in units of the last place, by its name; default that of compiled code. */
  readonly ulps?: (name: string) => number;
}

/**
 * Interprets a program and propagates error bounds by the rules of single operations.
 *
 * Every operation turns the bounds of its operands into a bound of its result: a map is computed at both ends of the interval of an
 * operand, a sum adds the bounds of its terms. So the bounds follow cancellations and kinks.
 */
export function errorBounds(
  program: Program,
  inputs: readonly DenseTensor[],
  { ulps = ulpsOfPrimitive }: ErrorBoundOptions = {},
): BoundedResult[] {
  const known = new Map<Tensor, Uncertain>(
    program.inputs.map((variable, i): [Tensor, Uncertain] => [variable, { value: inputs[i], bound: undefined }]),
  );
  const read = (x: Tensor): Uncertain => known.get(x) ?? { value: x.concrete("errorBounds"), bound: undefined };
  for (const equation of program.equations)
    known.set(equation.output, step(equation, equation.operands.map(read), ulps));
  return program.outputs.map(read).map(({ value, bound }) => ({ value, bound: bound ?? new Float64Array(value.size) }));
}

function step(
  { primitive, params, output }: Equation,
  operands: readonly Uncertain[],
  ulps: (name: string) => number,
): Uncertain {
  const evaluate = (values: readonly DenseTensor[]): DenseTensor =>
    new DenseTensor(primitive.eval(values, params, output), output.shape, output.dtype, output.weak);
  const value = evaluate(operands.map((x) => x.value));
  return { value, bound: boundOf({ primitive, params, evaluate, ulps: ulps(primitive.name) }, operands, value) };
}
