import { DomainError, DTypeError, formatShape, mustBe, ShapeError, Tensor } from "@pushforward/tensor";
import type { Problem } from "./problem.ts";

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
  const points = problem.sample(key, n, dtype);
  const expected = `${problem.name}: sample(key, ${n}, "${dtype}") must return ${dtype}${formatShape([n, problem.dim])}`;
  if (!(points instanceof Tensor)) throw new DTypeError(`${expected}, got ${points === null ? "null" : typeof points}`);
  const { shape } = points;
  if (shape.length !== 2 || shape[0] !== n || shape[1] !== problem.dim)
    throw new ShapeError(`${expected}, got ${points.dtype}${formatShape(shape)}`);
  if (points.dtype !== dtype) throw new DTypeError(`${expected}, got ${points.dtype}; pass the dtype on, or use cast`);
  return points;
}
