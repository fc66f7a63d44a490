import type { DType } from "./dtype.ts";
import type { Shape } from "./shape.ts";

/** The properties of a tensor that are known before its values: shape, element type, and whether the type yields to others (weak). */
export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly weak: boolean;
}

/** Shape, dtype and weakness alone. */
export const typeOf = (x: TensorType): TensorType => ({ shape: x.shape, dtype: x.dtype, weak: x.weak });
