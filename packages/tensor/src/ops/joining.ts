import { ShapeError } from "../array/errors.ts";
import { mustBe } from "../array/mustBe.ts";
import { formatShape, normalizeAxis, sameShape } from "../array/shape.ts";
import type { Tensor, TensorLike } from "../array/tensor.ts";
import { bind } from "../interpret/interpreter.ts";
import { primitives as p } from "../primitives/index.ts";
import { promote } from "./operands.ts";
import { expandDims } from "./structural.ts";

/** Joins tensors along an existing axis. */
export const concat = (xs: readonly TensorLike[], axis = 0): Tensor => {
  mustBe("concat", "xs", xs, "list");
  if (xs.length === 0) throw new ShapeError("concat: needs at least one tensor, got none");
  const values = promote("concat", xs);
  if (values[0].rank === 0) throw new ShapeError("concat: 0-d tensors have no axis to join; use stack");
  return bind(p.concat, values, { axis: normalizeAxis("concat", axis, values[0].shape) });
};

/** Joins tensors of one shape along a new axis. */
export const stack = (xs: readonly TensorLike[], axis = 0): Tensor => {
  mustBe("stack", "xs", xs, "list");
  if (xs.length === 0) throw new ShapeError("stack: needs at least one tensor, got none");
  const values = promote("stack", xs);
  const odd = values.find((x) => !sameShape(x.shape, values[0].shape));
  if (odd)
    throw new ShapeError(`stack: shapes must agree, got ${formatShape(values[0].shape)} and ${formatShape(odd.shape)}`);
  return concat(
    values.map((x) => expandDims(x, axis)),
    axis,
  );
};
