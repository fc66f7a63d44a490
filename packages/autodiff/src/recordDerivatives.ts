import {
  DTypeError,
  type Equation,
  interpret,
  isFloat,
  mustBe,
  type Program,
  type Tensor,
  type Variable,
  zeros,
} from "@pushforward/tensor";
import { checkProgram } from "./checkProgram.ts";
import { jvp } from "./jvp.ts";
import { vjp } from "./vjp.ts";

/** A value of a program with its derivatives at a point. */
export interface ValueRecord {
  readonly variable: Variable;
  /** The equation that computes the value; undefined for an input. */
  readonly equation: Equation | undefined;
  readonly primal: Tensor;
  /** Derivative along the tangents of the inputs; undefined for values without derivatives. */
  readonly tangent: Tensor | undefined;
  /** Derivative of ⟨cotangents, outputs⟩ in the value; undefined for values without derivatives. */
  readonly cotangent: Tensor | undefined;
}

/** Directions of the derivatives of {@link recordDerivatives}. */
export interface Directions {
  /** One tangent for each input of the program; null for inputs that stand still. */
  readonly tangents: readonly (Tensor | null)[];
  /** One cotangent for each output; null is zero. */
  readonly cotangents: readonly (Tensor | null)[];
}

/**
 * The values of a program at a point with the derivatives of forward and of reverse mode, first the inputs, then the results of the
 * equations in their order. The cotangent of a value is the gradient with respect to zeros that are added to the value, so that the
 * cotangent of the result of a stop-gradient is what the stop-gradient discards.
 *
 *   tangent = dz along dx, cotangent = ∂⟨ct, out⟩/∂ε at z + ε, ε = 0
 *
 * @throws ShapeError, DTypeError unless inputs, tangents and cotangents fit the program
 */
export function recordDerivatives(program: Program, primals: readonly Tensor[], directions: Directions): ValueRecord[] {
  checkProgram("recordDerivatives", program);
  mustBe("recordDerivatives", "the directions", directions, "object");
  const variables = [...program.inputs, ...program.equations.map(({ output }) => output)];
  const floats = variables.filter(({ dtype }) => isFloat(dtype));
  const primalOf = valuesOf(program, primals);
  const tangents = tangentsOf(program, primals, directions, floats);
  const cotangents = cotangentsOf(program, primals, directions, floats);
  const equations = new Map(program.equations.map((equation) => [equation.output, equation]));
  return variables.map((variable) => ({
    variable,
    equation: equations.get(variable),
    primal: primalOf.get(variable)!,
    tangent: tangents[floats.indexOf(variable)],
    cotangent: cotangents[floats.indexOf(variable)],
  }));
}

/** Every value of a program by its variable. */
function valuesOf(program: Program, inputs: readonly Tensor[]): Map<Variable, Tensor> {
  const values = new Map<Variable, Tensor>();
  interpret(program, inputs, (value, variable) => {
    values.set(variable, value);
    return value;
  });
  return values;
}

function tangentsOf(
  program: Program,
  primals: readonly Tensor[],
  { tangents }: Directions,
  variables: readonly Variable[],
): readonly Tensor[] {
  checkCount("tangents", tangents, program.inputs);
  const moved = primals.map((x, i) => tangents[i] ?? (isFloat(x.dtype) ? zeros(x.shape, { dtype: x.dtype }) : null));
  const all = (...inputs: Tensor[]): Tensor[] => {
    const values = valuesOf(program, inputs);
    return variables.map((variable) => values.get(variable)!);
  };
  const [, found] = jvp(all, primals as Tensor[], moved as Tensor[]);
  return found as Tensor[];
}

function cotangentsOf(
  program: Program,
  primals: readonly Tensor[],
  { cotangents }: Directions,
  variables: readonly Variable[],
): readonly Tensor[] {
  checkCount("cotangents", cotangents, program.outputs);
  const probed = (...probes: Tensor[]): Tensor[] =>
    interpret(program, primals, (value, variable) => {
      const probe = probes[variables.indexOf(variable)];
      return probe ? value.add(probe) : value;
    });
  const [outs, pullback] = vjp(
    probed,
    variables.map(({ shape, dtype }) => zeros(shape, { dtype })),
  );
  const given = outs.map((x, i) => cotangents[i] ?? (isFloat(x.dtype) ? zeros(x.shape, { dtype: x.dtype }) : null));
  return pullback(given as Tensor[]) as Tensor[];
}

function checkCount(name: string, given: readonly unknown[], values: readonly unknown[]): void {
  if (Array.isArray(given) && given.length === values.length) return;
  throw new DTypeError(
    `recordDerivatives: ${name} must be a list with one entry for each of ${values.length} values of the program, got ${Array.isArray(given) ? given.length : typeof given}`,
  );
}
