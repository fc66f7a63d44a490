import { DenseTensor, type DType, isFloat, primitiveFamilies, type TypedArray } from "@pushforward/tensor";
import { ulpOf } from "../ulp.ts";
import type { Operation, Uncertain } from "./boundOf.ts";

/** Maps of bits: their result may be any number once a bit of an operand has changed. */
const scrambling: ReadonlySet<string> = new Set([
  ...Object.keys(primitiveFamilies.integer),
  primitiveFamilies.conversion.unitFromBits.name,
]);

/**
 * The error bound of an elementwise result: its own rounding, and for every operand the changes of the result when the operand moves
 * by its bound, up and down. This is twice the change of a linear function, and enough for a curved one.
 */
export function mapBound(operation: Operation, operands: readonly Uncertain[], value: DenseTensor): Float64Array {
  const { ulps } = operation;
  const { name } = operation.primitive;
  const out = new Float64Array(value.size);
  const isUncertain = (i: number): boolean => operands.some(({ bound }) => bound !== undefined && bound[i] > 0);
  operands.forEach(({ bound }, which) => {
    if (!bound) return;
    for (const sign of [1, -1]) {
      const shifted = operands.map(({ value: x }, i) => (i === which ? shiftedBy(x, bound, sign) : x));
      addChanges(out, value.buffer, operation.evaluate(shifted).buffer);
    }
  });
  for (let i = 0; i < out.length; i++) {
    const isExact = !isUncertain(i);
    if (isExact && ulps === 0) continue;
    if (!isExact && (scrambling.has(name) || mayJump(name, operands, value.dtype, i)))
      out[i] = Number.POSITIVE_INFINITY;
    const unit = isFloat(value.dtype) && Number.isFinite(value.buffer[i]) ? ulpOf(value.buffer[i], value.dtype) : 0;
    out[i] += (ulps + (isExact ? 0 : 1)) * unit;
  }
  return out;
}

/** x ± bound in its own dtype: a bool becomes the other one. */
function shiftedBy(x: DenseTensor, bound: Float64Array, sign: number): DenseTensor {
  const data = x.buffer.slice();
  for (let i = 0; i < data.length; i++) {
    if (bound[i] === 0) continue;
    data[i] = x.dtype === "bool" ? 1 - data[i] : data[i] + sign * (isFloat(x.dtype) ? bound[i] : Math.ceil(bound[i]));
  }
  return new DenseTensor(data, x.shape, x.dtype, x.weak);
}

/** Adds |changed − value|. */
function addChanges(out: Float64Array, value: TypedArray, changed: TypedArray): void {
  for (let i = 0; i < out.length; i++) {
    const [a, b] = [value[i], changed[i]];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    out[i] += Number.isNaN(a - b) ? Number.POSITIVE_INFINITY : Math.abs(a - b);
  }
}

/** Whether a result may jump inside the interval of an operand, though it is equal at both ends. */
function mayJump(name: string, operands: readonly Uncertain[], result: DType, i: number): boolean {
  const [x, y] = operands.map(({ value, bound }) => ({ at: value.buffer[i], bound: bound?.[i] ?? 0 }));
  if (name === "equal" || name === "less" || name === "lessEqual") return Math.abs(x.at - y.at) <= x.bound + y.bound;
  if (name === "cast") return result === "bool" && Math.abs(x.at) <= x.bound;
  if (name === "div" || name === "remainder") return Math.abs(y.at) <= 2 * y.bound;
  return false;
}
