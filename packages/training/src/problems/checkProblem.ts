import {
  DomainError,
  type DType,
  DTypeError,
  formatShape,
  isFloat,
  mustBe,
  type Shape,
  ShapeError,
  Tensor,
} from "@pushforward/tensor";
import type { LabelledPoints, Problem } from "./problem.ts";

/**
 * Checks the parts of a problem that a training uses.
 *
 * @throws DTypeError or DomainError that names the part
 */
export function checkProblem(operation: string, problem: Problem): void {
  mustBe(operation, "the problem", problem, "object");
  mustBe(operation, "name of the problem", problem.name, "text");
  mustBe(operation, "dim of the problem", problem.dim, "number");
  mustBe(operation, "sample of the problem", problem.sample, "function");
  if (!Number.isInteger(problem.dim) || problem.dim < 1)
    throw new DomainError(`${operation}: dim of the problem must be a whole number ≥ 1, got ${problem.dim}`);
}

/**
 * Points of a problem for a step, [n, dim]. The check runs while the step is traced and costs the compiled step nothing.
 *
 * @throws ShapeError or DTypeError where `sample` returns something else: other losses would broadcast it silently
 */
export function drawPoints(problem: Problem, key: Tensor, n: number, dtype: "float64" | "float32"): Tensor {
  const expected = expectation(`${problem.name}: sample(key, ${n}, "${dtype}") must return`, dtype, [n, problem.dim]);
  return checked(problem.sample(key, n, dtype), expected);
}

/**
 * Points of a problem with their labels, checked as {@link drawPoints} checks points.
 *
 * @throws DomainError if the problem has no labels; ShapeError or DTypeError where its classes return something else
 */
export function drawLabelled(problem: Problem, key: Tensor, n: number, dtype: "float64" | "float32"): LabelledPoints {
  const { classes, name, dim } = problem;
  if (!classes)
    throw new DomainError(`${name}: points must have labels, got none; name them, as --labels does for a file`);
  const { data, labels } = classes.sample(key, n, dtype);
  const call = `classes.sample(key, ${n}, "${dtype}")`;
  return {
    data: checked(data, expectation(`${name}: data of ${call} must be`, dtype, [n, dim])),
    labels: checked(labels, expectation(`${name}: labels of ${call} must be`, "int32", [n])),
  };
}

/** The result that a function of a problem must have. */
interface Expectation {
  readonly dtype: DType;
  readonly shape: Shape;
  /** The beginning of messages. */
  readonly text: string;
}

const expectation = (subject: string, dtype: DType, shape: Shape): Expectation => ({
  dtype,
  shape,
  text: `${subject} ${dtype}${formatShape(shape)}`,
});

function checked(points: Tensor, { dtype, shape, text }: Expectation): Tensor {
  checkTensor(points, text);
  if (points.rank !== shape.length || points.shape.some((size, axis) => size !== shape[axis]))
    throw new ShapeError(`${text}, got ${points.dtype}${formatShape(points.shape)}`);
  if (points.dtype !== dtype) throw new DTypeError(`${text}, got ${points.dtype}; pass the dtype on, or use cast`);
  return points;
}

function checkTensor(points: unknown, text: string): void {
  if (!(points instanceof Tensor)) throw new DTypeError(`${text}, got ${points === null ? "null" : typeof points}`);
}

/**
 * Points of a problem in the units of the file, [n, columns].
 *
 * @throws DTypeError or ShapeError where `toOriginal` returns something else
 */
export function originalPoints(problem: Problem, x: Tensor): Tensor {
  const text = `${problem.name}: toOriginal(x) must return a tensor of floats [${x.shape[0]}, columns] for x ${formatShape(x.shape)}`;
  const points = problem.toOriginal(x);
  checkTensor(points, text);
  if (points.rank !== 2 || points.shape[0] !== x.shape[0])
    throw new ShapeError(`${text}, got ${points.dtype}${formatShape(points.shape)}`);
  if (!isFloat(points.dtype)) throw new DTypeError(`${text}, got ${points.dtype}`);
  return points;
}
