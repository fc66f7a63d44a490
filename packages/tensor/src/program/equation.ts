import type { DType } from "../array/dtype.ts";
import { DTypeError } from "../array/errors.ts";
import { inWords } from "../array/mustBe.ts";
import type { Shape } from "../array/shape.ts";
import type { DenseTensor, Tensor } from "../array/tensor.ts";
import type { TensorType } from "../array/tensorType.ts";
import type { Group } from "../interpret/interpreter.ts";
import { escaped, type Interpreter, Tracer } from "../interpret/tracer.ts";
import type { Primitive } from "../primitives/primitive.ts";

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
  /** The computation that it is part of: "tangent" and "cotangent" are set by derivatives, others by `labelled`. */
  readonly label?: string;
  /** The equations that it belongs to, set by `grouped`; a derivative belongs to the group of its equation. */
  readonly group?: Group;
}

/** The parts of a program. */
export interface ProgramParts {
  readonly inputs: readonly Variable[];
  readonly equations: readonly Equation[];
  readonly outputs: readonly Tensor[];
  /** Names that were recorded: of inputs by their path, of results by `named`. */
  readonly names?: ReadonlyMap<Tensor, string>;
}

/**
 * Checks that something is a program.
 *
 * @throws DTypeError that says how to make one
 */
export function mustBeProgram(operation: string, value: unknown): void {
  const { inputs, equations, outputs } = (value ?? {}) as Partial<ProgramParts>;
  if ([inputs, equations, outputs].every(Array.isArray)) return;
  throw new DTypeError(`${operation}: needs a program, got ${inWords(value)}; make one with trace(f)(...args)`);
}

/** Distinct operands and outputs that are not computed by the program. */
export function constantsOf(program: ProgramParts): Tensor[] {
  mustBeProgram("constantsOf", program);
  const known = new Set<Tensor>([...program.inputs, ...program.equations.map((equation) => equation.output)]);
  const used = [...program.equations.flatMap((equation) => equation.operands), ...program.outputs];
  return [...new Set(used.filter((x) => !known.has(x)))];
}
