import { checkDType, type DType } from "../dtype.ts";
import { bind } from "../interpreter.ts";
import { primitives as p } from "../primitives/index.ts";
import type { Tensor, TensorLike } from "../tensor.ts";
import { asTensor, binary } from "./lift.ts";
import type { BinaryOp } from "./signatures.ts";

/** Another dtype: floats truncate towards zero to int32, anything but 0 is true. Derivatives pass between floats. */
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

/** One word of the threefry block: key x, y and counter z, w as int32 bit patterns; see random.ts for keys. */
export const threefry = (operands: readonly [Tensor, Tensor, Tensor, Tensor], word: 0 | 1): Tensor =>
  bind(p.threefry, operands, { word });

/** Random bits (high and low word) as a number in [0, 1). */
export const unitFromBits = (high: Tensor, low: Tensor, dtype: "float64" | "float32"): Tensor =>
  bind(p.unitFromBits, [high, low], { dtype });
