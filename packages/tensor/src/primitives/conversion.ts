import { allocate, type DType } from "../array/dtype.ts";
import type { TensorType } from "../array/tensorType.ts";
import { parametric } from "./elementwise.ts";
import type { Primitive } from "./primitive.ts";

/** Parameters of `cast`. */
export interface CastParams {
  readonly dtype: DType;
}

/** Another dtype: floats truncate towards zero (and wrap) to int32, every value but 0 is true, NaN becomes int32 0. */
export const cast: Primitive<CastParams, 1, "map"> = {
  name: "cast",
  arity: 1,
  role: "map",
  expression: ({ dtype }) => `${dtype}(x)`,
  type: ([x], { dtype }): TensorType => ({ shape: x!.shape, dtype, weak: false }),
  eval([x], { dtype }) {
    const out = allocate(dtype, x!.buffer.length);
    const from = x!.buffer;
    if (dtype === "bool") for (let i = 0; i < out.length; i++) out[i] = from[i] === 0 ? 0 : 1;
    else out.set(from);
    return out;
  },
};

/** Parameters of `unitFromBits`. */
export interface UnitFromBitsParams {
  readonly dtype: "float64" | "float32";
}

/**
 * Random bits as a number in [0, 1): float32 keeps the top 23 bits of word x, float64 the top 52 of x (high) and y (low).
 *
 *   u = ⌊bits / 2^{n−m}⌋ · 2^{−m},   (n, m) = (32, 23) or (64, 52)
 */
export const unitFromBits = parametric<2, UnitFromBitsParams>(
  "unitFromBits",
  { arity: 2, domain: "int" },
  ({ dtype }) => ({
    result: dtype,
    eval: dtype === "float32" ? (x) => (x >>> 9) * 2 ** -23 : (x, y) => (x >>> 0) * 2 ** -32 + (y >>> 12) * 2 ** -52,
    expression: dtype === "float32" ? "unit32(x, y)" : "unit64(x, y)",
  }),
);
