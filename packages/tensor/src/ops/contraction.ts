import { ShapeError } from "../array/errors.ts";
import { type Axes, broadcastShapes, formatShape, type Shape } from "../array/shape.ts";
import type { Tensor, TensorLike } from "../array/tensor.ts";
import { bind } from "../interpret/interpreter.ts";
import { primitives as p } from "../primitives/index.ts";
import { noParams } from "../primitives/primitive.ts";
import { mul } from "./arithmetic.ts";
import { broadcast, promote } from "./operands.ts";
import { sum } from "./reduction.ts";
import type { BinaryOp } from "./signatures.ts";
import { expandDims, reshape } from "./structural.ts";

/**
 * Matrix product with NumPy's rules: [...B, m, k] × [...B, k, n] → [...B, m, n], leading axes broadcast, a 1-d operand is a
 * row on the left and a column on the right.
 *
 * @throws ShapeError if the inner sizes differ
 */
export const matmul: BinaryOp = (x, y) => {
  const [a, b] = promote("matmul", [x, y]);
  if (a.rank === 0 || b.rank === 0)
    throw new ShapeError(`matmul: operands need axes, got ${formatShape(a.shape)} × ${formatShape(b.shape)}; use mul`);
  if (a.rank === 1) return dropAxis(matmul(expandDims(a, 0), b), -2, b.rank === 1);
  if (b.rank === 1) return dropAxis(matmul(a, expandDims(b, 1)), -1, false);
  // A left operand with leading axes against one matrix is one tall product.
  if (b.rank === 2 && a.rank > 2 && a.shape[a.rank - 1] === b.shape[0]) {
    return reshape(matmul(reshape(a, [-1, b.shape[0]].map(nonNegative(a))), b), [...a.shape.slice(0, -1), b.shape[1]]);
  }
  const batch = leadingAxes(a, b);
  return bind(
    p.matmul,
    [broadcast(a, [...batch, ...a.shape.slice(-2)]), broadcast(b, [...batch, ...b.shape.slice(-2)])],
    noParams,
  );
};

/** The axes before the last two, broadcast. */
function leadingAxes(a: Tensor, b: Tensor): Shape {
  try {
    return broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  } catch {
    throw new ShapeError(
      `matmul: axes before the last two must broadcast, got ${formatShape(a.shape)} × ${formatShape(b.shape)}`,
    );
  }
}

/** Replaces −1 by the product of the leading sizes, which may be 0. */
const nonNegative =
  (a: Tensor) =>
  (n: number): number =>
    n === -1 ? a.shape.slice(0, -1).reduce((product, size) => product * size, 1) : n;

const dropAxis = (x: Tensor, axis: number, isAlreadyScalar: boolean): Tensor => {
  if (isAlreadyScalar) return reshape(x, []);
  const at = axis + x.rank;
  return reshape(
    x,
    x.shape.filter((_, i) => i !== at),
  );
};

/** Σ x·y over the given axes, all by default: the inner product. */
export const dot: (x: TensorLike, y: TensorLike, axis?: Axes) => Tensor = (x, y, axis) => sum(mul(x, y), axis);

/** x_i·y_j of two vectors: [n], [m] → [n, m]. */
export const outer: BinaryOp = (x, y) => {
  const [a, b] = promote("outer", [x, y]);
  if (a.rank !== 1 || b.rank !== 1)
    throw new ShapeError(`outer: needs two vectors, got ${formatShape(a.shape)} and ${formatShape(b.shape)}`);
  return mul(expandDims(a, 1), expandDims(b, 0));
};
