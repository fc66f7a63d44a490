import {
  DTypeError,
  formatShape,
  inWords,
  isFloat,
  mustBe,
  type Shape,
  ShapeError,
  sameShape,
  sizeOf,
  Tensor,
} from "@pushforward/tensor";

// Checks of points, times and results of a caller's functions for distributions, maps, solvers and losses. The checks read shapes
// and dtypes only, which are known while tracing, so compiled code contains no check.

/** Shape and dtype of points. */
type Points = Pick<Tensor, "shape" | "dtype">;

/**
 * Checks that points are floats with `dim` coordinates along the last axis, or with any number of coordinates if `dim` is
 * undefined.
 *
 * @param name  what the points are called
 * @param shape the required shape in words
 * @throws ShapeError or DTypeError that names the operation
 */
export function checkPoints(
  operation: string,
  x: Tensor,
  dim?: number,
  name = "x",
  shape = `[batch, ${dim ?? "dim"}]`,
): void {
  if (!(x instanceof Tensor)) {
    throw new DTypeError(`${operation}: ${name} must be a tensor ${shape}, got ${inWords(x)}`);
  }
  if (!isFloat(x.dtype)) {
    throw new DTypeError(
      `${operation}: ${name} must be float64 or float32, got ${x.dtype}; use cast(${name}, "float64")`,
    );
  }
  if (dim === undefined || (x.rank > 0 && x.shape[x.rank - 1] === dim)) return;
  throw new ShapeError(
    `${operation}: ${name} must be [batch, ${dim}], got ${formatShape(x.shape)}; ${
      dim === 1 ? `use reshape(${name}, [-1, 1])` : `the last axis holds the ${dim} coordinates`
    }`,
  );
}

/** [batch, 1] for points [batch, dim]; a scalar for a scalar. */
export const columnOf = (shape: Shape): Shape => (shape.length === 0 ? [] : [...shape.slice(0, -1), 1]);

/** Whether a time holds one number, or one number for every point. */
const fits = (time: Shape, column: Shape): boolean =>
  time.length === 0 || (time.length === column.length && time.every((n, axis) => n === 1 || n === column[axis]));

/**
 * Checks times against points: numbers, scalars or [batch, 1], of the points' dtype.
 *
 * @param times  times by their names
 * @param points name of the points in messages
 * @throws ShapeError or DTypeError that names the operation and the time
 */
export function checkTimes(operation: string, x: Points, times: Readonly<Record<string, unknown>>, points = "x"): void {
  const column = columnOf(x.shape);
  for (const [name, time] of Object.entries(times)) {
    if (typeof time === "number" || typeof time === "boolean") continue;
    const isTensor = time instanceof Tensor;
    if (isTensor && fits(time.shape, column) && (time.dtype === x.dtype || time.weak)) continue;
    const wanted = `${operation}: ${name} must be a scalar or ${formatShape(column)} for ${points} ${formatShape(x.shape)}`;
    if (!isTensor) throw new DTypeError(`${wanted}, got ${inWords(time)}`);
    if (fits(time.shape, column)) {
      throw new DTypeError(
        `${operation}: ${name} must be ${x.dtype} like ${points}, got ${time.dtype}; use cast(${name}, "${x.dtype}")`,
      );
    }
    const isFlat = time.rank > 0 && time.size === sizeOf(column);
    const hint = isFlat
      ? `use ${name}.reshape(${formatShape(column)})`
      : "give one number, or one number for every point";
    throw new ShapeError(`${wanted}, got ${formatShape(time.shape)}; ${hint}`);
  }
}

/**
 * Checks points and their times.
 *
 * @param dim number of coordinates, if it is known
 * @throws ShapeError or DTypeError that names the operation and the argument
 */
export function checkCall(operation: string, x: Tensor, times: Readonly<Record<string, unknown>>, dim?: number): void {
  checkPoints(operation, x, dim);
  checkTimes(operation, x, times);
}

/**
 * Checks times without points: scalars or [batch, 1].
 *
 * @throws ShapeError or DTypeError that names the operation
 */
export function checkColumn(operation: string, t: unknown): void {
  if (typeof t === "number" || typeof t === "boolean") return;
  const wanted = `${operation}: t must be a scalar or [batch, 1]`;
  if (!(t instanceof Tensor)) throw new DTypeError(`${wanted}, got ${inWords(t)}`);
  if (!isFloat(t.dtype)) throw new DTypeError(`${wanted} of floats, got ${t.dtype}; use cast(t, "float64")`);
  if (t.rank === 0 || t.shape[t.rank - 1] === 1) return;
  throw new ShapeError(`${wanted}, got ${formatShape(t.shape)}; use t.reshape([-1, 1])`);
}

/**
 * Checks that a value has the shape and dtype of points, e.g. the noise of a sample.
 *
 * @param from where the shape comes from
 * @throws ShapeError or DTypeError that names the operation and the argument
 */
export function checkSameShape(operation: string, name: string, value: unknown, like: Points, from = " like x"): void {
  checkTensor(`${operation}: ${name} must be`, value, like, from);
}

/**
 * Checks the result of a caller's function.
 *
 * @param what the function, for the message
 * @param like required shape and dtype
 * @param from where the shape comes from
 * @throws ShapeError or DTypeError that names the operation and the function
 */
export function checkResult(operation: string, what: string, result: unknown, like: Points, from = " like x"): Tensor {
  return checkTensor(`${operation}: ${what} must return`, result, like, from);
}

function checkTensor(head: string, value: unknown, { shape, dtype }: Points, from: string): Tensor {
  const isTensor = value instanceof Tensor;
  if (isTensor && sameShape(value.shape, shape)) {
    if (value.dtype === dtype || value.weak) return value;
    throw new DTypeError(`${head} ${dtype}${from}, got ${value.dtype}; cast it with cast(…, "${dtype}")`);
  }
  const hint = value instanceof Promise ? ", a function that is called at points must not be async" : "";
  const message = `${head} ${formatShape(shape)}${from}, got ${inWords(value)}${hint}`;
  const isNumber = typeof value === "number" || typeof value === "boolean";
  throw isTensor || isNumber ? new ShapeError(message) : new DTypeError(message);
}

/** Arguments of a caller's function: points, then times and other numbers. */
type PointFunction = (x: Tensor, ...rest: never[]) => Tensor;

/**
 * A caller's function of points with checked results.
 *
 * @param what   the function, for messages
 * @param result "points" for results with the shape of x [batch, dim], "numbers" for one number per point [batch]
 * @throws DTypeError if `f` is not a function
 */
export function checkedFunction<F extends PointFunction>(
  operation: string,
  what: string,
  f: F,
  result: "points" | "numbers" = "points",
): F {
  mustBe(operation, what, f, "function");
  const checked = (x: Tensor, ...rest: never[]): Tensor => {
    const wanted = result === "points" ? x : { shape: x.shape.slice(0, -1), dtype: x.dtype };
    return checkResult(
      operation,
      what,
      f(x, ...rest),
      wanted,
      result === "points" ? " like x" : ", one number per point",
    );
  };
  return checked as F;
}

/**
 * Checks that a matrix is a list of rows; the users of the matrix check the entries.
 *
 * @throws DTypeError that names the operation and the row
 */
export function checkMatrix(operation: string, what: string, matrix: unknown): void {
  mustBe(operation, what, matrix, "list");
  for (const [i, row] of (matrix as unknown[]).entries()) mustBe(operation, `row ${i} of ${what}`, row, "list");
}
