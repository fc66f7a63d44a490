import {
  broadcastTo,
  DTypeError,
  formatShape,
  inWords,
  promote,
  ShapeError,
  Tensor,
  type TensorLike,
} from "@pushforward/tensor";

/** @throws DTypeError or ShapeError unless x is [..., dim] */
export function checkPoints(operation: string, x: Tensor, dim: number): void {
  if (!(x instanceof Tensor)) {
    throw new DTypeError(`${operation}: x must be a tensor [batch, ${dim}], got ${inWords(x)}`);
  }
  if (x.rank > 0 && x.shape[x.rank - 1] === dim) return;
  throw new ShapeError(`${operation}: x must be [batch, ${dim}], got ${formatShape(x.shape)}`);
}

/** Times, or other numbers that `what` names, as columns next to x: scalars and [batch, 1] become [..., 1] of x's dtype. */
export function columns(operation: string, x: Tensor, times: readonly TensorLike[], what = "times"): Tensor[] {
  const shape = [...x.shape.slice(0, -1), 1];
  return promote(operation, [x, ...times])
    .slice(1)
    .map((time) => {
      const fits =
        time.rank === 0 || (time.rank === shape.length && time.shape.every((n, i) => n === 1 || n === shape[i]));
      if (fits) return broadcastTo(time, shape);
      throw new ShapeError(
        `${operation}: ${what} must be ${what === "times" ? "scalars" : "a scalar"} or ${formatShape(shape)} for x ${formatShape(x.shape)}, got ${formatShape(time.shape)}`,
      );
    });
}
