import type { DType } from "../../../array/dtype.ts";
import { type FunctionBuilder, f32x4, f64x2, i32x4, type Opcode, v128 } from "../assembler/index.ts";
import type { LaneCount } from "../vector/index.ts";

/** How elements of a dtype are compared, lane by lane; masks are as wide as the elements. */
export interface Order {
  /** Bytes of a lane. */
  readonly bytes: 4 | 8;
  /** The smallest element, in every lane. */
  readonly identity: Uint8Array;
  /** Pushes a mask: where value is larger than best, or the first NaN. */
  pushIsBetter(fn: FunctionBuilder, value: number, best: number): void;
}

/** The order in which argmax finds the largest element: NaN above all. Bools are masks of a kernel with so many lanes. */
export function orderOf(dtype: DType, laneCount: LaneCount): Order {
  switch (dtype) {
    case "float64":
      return floats(f64x2, 8, new Float64Array(2).fill(Number.NEGATIVE_INFINITY));
    case "float32":
      return floats(f32x4, 4, new Float32Array(4).fill(Number.NEGATIVE_INFINITY));
    case "int32":
      return {
        bytes: 4,
        identity: new Uint8Array(new Int32Array(4).fill(-(2 ** 31)).buffer),
        pushIsBetter: (fn, value, best) => push(fn, value, best, i32x4.gtS),
      };
    case "bool":
      return {
        bytes: laneCount === 2 ? 8 : 4,
        identity: new Uint8Array(16),
        pushIsBetter: (fn, value, best) => push(fn, value, best, v128.andNot),
      };
  }
}

const floats = (
  { ge, eq }: { readonly ge: Opcode; readonly eq: Opcode },
  bytes: 4 | 8,
  identity: Float32Array | Float64Array,
): Order => ({
  bytes,
  identity: new Uint8Array(identity.buffer),
  pushIsBetter(fn, value, best) {
    // best ≥ value fails for a larger value and for NaN on either side; nothing is better than NaN.
    push(fn, best, best, eq);
    push(fn, best, value, ge);
    fn.op(v128.andNot);
  },
});

function push(fn: FunctionBuilder, x: number, y: number, op: Opcode): void {
  fn.get(x);
  fn.get(y);
  fn.op(op);
}
