import { DomainError, div, mul, mustBe, norm, reshape, sub, type Tensor } from "@pushforward/tensor";
import { jvp } from "./jvp.ts";
import { checkList } from "./leaves.ts";

/** A function of tensors with one tensor as its result. */
type TensorFunction = (...args: Tensor[]) => Tensor;

/** The error of central differences over their step, with the two errors that add up to it. Each list has one number per step. */
export interface DifferenceErrors {
  /** ‖difference − derivative‖. */
  readonly errors: readonly number[];
  /** ε²/6·‖d³f‖: the error of the formula, which grows with the step. */
  readonly truncation: readonly number[];
  /** η·‖f‖/ε with the unit roundoff η: about the error of rounding, which grows as the step shrinks. */
  readonly rounding: readonly number[];
  /** (3·η·‖f‖/‖d³f‖)^⅓: the step at which the sum of both errors is smallest; infinite where the third derivative vanishes. */
  readonly bestStep: number;
}

/** Options of differenceErrors. */
export interface DifferenceErrorOptions {
  /** The steps ε, each above 0. */
  readonly steps: readonly number[];
  /** The derivative from which errors are measured; default the jvp at the dtype of the arguments. */
  readonly derivative?: Tensor;
}

/** Unit roundoffs by dtype. */
const roundoffs = { float32: 2 ** -24, float64: 2 ** -53 } as const;

/**
 * A central difference: (f(x + ε·dx) − f(x − ε·dx))/2ε, at the dtype of the arguments.
 *
 * @param primals  arguments of f
 * @param tangents directions with the shapes of the arguments
 * @returns with the shape of f
 * @throws DomainError unless the step is positive
 */
export function centralDifference(
  f: TensorFunction,
  primals: readonly Tensor[],
  tangents: readonly Tensor[],
  step: number,
): Tensor {
  checkCall("centralDifference", f, primals, tangents);
  checkStep("centralDifference", step);
  return differenceAt(f, primals, tangents, step);
}

/**
 * How far central differences are from the derivative, over their step ε, and why: the formula misses ε²/6·d³f, and rounding of f
 * is divided by ε. The third derivative is exact, by three nested jvps.
 *
 *   ‖ (f(x + ε·dx) − f(x − ε·dx))/2ε − jvp(f, x, dx) ‖  ≲  ε²/6·‖d³f‖ + η·‖f‖/ε
 *
 * @throws DomainError unless all steps are positive
 * @source Press et al. 2007, Numerical Recipes, section 5.7
 */
export function differenceErrors(
  f: TensorFunction,
  primals: readonly Tensor[],
  tangents: readonly Tensor[],
  options: DifferenceErrorOptions,
): DifferenceErrors {
  checkCall("differenceErrors", f, primals, tangents);
  mustBe("differenceErrors", "the options", options, "object");
  const { steps } = options;
  mustBe("differenceErrors", "steps", steps, "list");
  for (const step of steps) checkStep("differenceErrors", step);
  const value = f(...primals);
  mustBe("differenceErrors", "the result of f", value, "tensor");
  const along =
    (g: TensorFunction): TensorFunction =>
    (...args) =>
      jvp(g, args, tangents as Tensor[])[1] as Tensor;
  const { derivative = along(f)(...primals) } = options;
  mustBe("differenceErrors", "derivative", derivative, "tensor");
  const [size, third] = [lengthOf(value), lengthOf(along(along(along(f)))(...primals))];
  const roundoff = roundoffs[value.dtype as keyof typeof roundoffs];
  return {
    errors: steps.map((step) =>
      lengthOf(sub(differenceAt(f, primals, tangents, step).cast(derivative.dtype), derivative)),
    ),
    truncation: steps.map((step) => (step ** 2 / 6) * third),
    rounding: steps.map((step) => (roundoff * size) / step),
    bestStep: Math.cbrt((3 * roundoff * size) / third),
  };
}

function differenceAt(
  f: TensorFunction,
  primals: readonly Tensor[],
  tangents: readonly Tensor[],
  step: number,
): Tensor {
  const at = (h: number): Tensor => f(...primals.map((x, i) => x.add(mul(h, tangents[i]))));
  return div(sub(at(step), at(-step)), 2 * step);
}

/** ‖y‖ over all entries. */
const lengthOf = (y: Tensor): number => norm(reshape(y.cast("float64"), [-1])).item();

function checkCall(
  operation: string,
  f: TensorFunction,
  primals: readonly Tensor[],
  tangents: readonly Tensor[],
): void {
  mustBe(operation, "f", f, "function");
  checkList(operation, "primals", primals);
  checkList(operation, "tangents", tangents);
  for (const x of [...primals, ...tangents]) mustBe(operation, "every argument and tangent", x, "tensor");
  if (primals.length !== tangents.length)
    throw new DomainError(
      `${operation}: tangents must be one per argument, got ${tangents.length} for ${primals.length}`,
    );
}

function checkStep(operation: string, step: number): void {
  mustBe(operation, "the step", step, "number");
  if (!(step > 0 && Number.isFinite(step)))
    throw new DomainError(`${operation}: a step must be positive and finite, got ${step}`);
}
