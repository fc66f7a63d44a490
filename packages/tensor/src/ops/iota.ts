import { checkDType, type DType } from "../array/dtype.ts";
import { checkShape, normalizeAxis, type Shape } from "../array/shape.ts";
import type { Tensor } from "../array/tensor.ts";
import { bind } from "../interpret/interpreter.ts";
import { primitives as p } from "../primitives/index.ts";

/** The index along `axis` as values of the given shape. */
export const iota = (shape: Shape, axis = 0, dtype: DType = "int32"): Tensor =>
  bind(p.iota, [], {
    shape: checkShape("iota", shape),
    axis: normalizeAxis("iota", axis, shape),
    dtype: checkDType("iota", dtype),
  });
