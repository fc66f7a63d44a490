import { checkDType, type DType } from "../array/dtype.ts";
import type { Tensor, TensorLike } from "../array/tensor.ts";
import { bind } from "../interpret/interpreter.ts";
import { primitives as p } from "../primitives/index.ts";
import { asTensor, binary } from "./operands.ts";
import type { BinaryOp } from "./signatures.ts";

/** Another dtype: floats truncate towards zero to int32, every value but 0 is true. Derivatives pass between floats. */
export const cast: (x: TensorLike, dtype: DType) => Tensor = (x, dtype) => {
  const value = asTensor(x, "cast");
  return value.dtype === checkDType("cast", dtype) && !value.weak ? value : bind(p.cast, [value], { dtype });
};

/** Bitwise exclusive or of int32. */
export const bitXor: BinaryOp = binary(p.bitXor);
/** Bitwise and of int32. */
export const bitAnd: BinaryOp = binary(p.bitAnd);
/** x · 2^y mod 2³²; 0 for y outside [0, 32). */
export const shiftLeft: BinaryOp = binary(p.shiftLeft);
/** Bits of x moved right by y, x unsigned; 0 for y outside [0, 32). */
export const shiftRight: BinaryOp = binary(p.shiftRight);
