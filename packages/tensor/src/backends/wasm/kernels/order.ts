import type { DType } from "../../../array/dtype.ts";
import { type FunctionBuilder, f32x4, f64x2, i32x4, v128 } from "../assembler/index.ts";
import type { LaneCount } from "../vector/index.ts";

/** How elements of a dtype are compared, lane by lane; the masks are as wide as what is compared. */
export interface Order {
  /** Bytes of a lane. */
  readonly bytes: 4 | 8;
  /** A vector of what nothing is worse than. */
  readonly start: Uint8Array;
  /** Where value is larger than best, or the first NaN. */
  pushIsBetter(fn: FunctionBuilder, value: number, best: number): void;
  /** Where both are equal, or both are NaN. */
  pushIsTie(fn: FunctionBuilder, value: number, best: number): void;
}

/** The order in which argmax finds the largest: NaN above all. Bools are the masks of a kernel with so many lanes. */
export function orderOf(dtype: DType, lanes: LaneCount): Order {
  if (dtype === "float64") return floats(f64x2, 8, new Float64Array(2).fill(Number.NEGATIVE_INFINITY));
  if (dtype === "float32") return floats(f32x4, 4, new Float32Array(4).fill(Number.NEGATIVE_INFINITY));
  return dtype === "int32" ? integers : bools(lanes === 2 ? 8 : 4);
}

function push(fn: FunctionBuilder, x: number, y: number, op: number): void {
  fn.get(x);
  fn.get(y);
  fn.op(op);
}

const floats = (
  { ge, eq, ne }: { readonly ge: number; readonly eq: number; readonly ne: number },
  bytes: 4 | 8,
  start: Float32Array | Float64Array,
): Order => ({
  bytes,
  start: new Uint8Array(start.buffer),
  pushIsBetter(fn, value, best) {
    // best ≥ value fails for a larger value and for NaN on either side; nothing is better than NaN.
    push(fn, best, best, eq);
    push(fn, best, value, ge);
    fn.op(v128.andNot);
  },
  pushIsTie(fn, value, best) {
    push(fn, value, best, eq);
    push(fn, value, value, ne);
    push(fn, best, best, ne);
    fn.op(v128.and);
    fn.op(v128.or);
  },
});

const integers: Order = {
  bytes: 4,
  start: new Uint8Array(new Int32Array(4).fill(-(2 ** 31)).buffer),
  pushIsBetter: (fn, value, best) => push(fn, value, best, i32x4.gtS),
  pushIsTie: (fn, value, best) => push(fn, value, best, i32x4.eq),
};

const bools = (bytes: 4 | 8): Order => ({
  bytes,
  start: new Uint8Array(16),
  pushIsBetter: (fn, value, best) => push(fn, value, best, v128.andNot),
  pushIsTie(fn, value, best) {
    push(fn, value, best, v128.xor);
    fn.op(v128.not);
  },
});
