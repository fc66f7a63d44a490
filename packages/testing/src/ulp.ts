import { type DType, isFloat } from "@pushforward/tensor";

/** Bits after the leading one, and the exponent of the smallest normal number. */
const formats = { float64: [52, -1022], float32: [23, -126] } as const;

const view = new DataView(new ArrayBuffer(8));

/** ⌊log₂|x|⌋ of a normal float64. */
function exponentOf(x: number): number {
  view.setFloat64(0, x);
  return ((view.getUint32(0) >>> 20) & 0x7ff) - 1023;
}

/** Spacing of the floats of a type around x; 1 for int32 and bool. */
export function ulpOf(x: number, dtype: DType = "float64"): number {
  if (!isFloat(dtype)) return 1;
  if (!Number.isFinite(x)) return NaN;
  const [bits, smallest] = formats[dtype];
  return 2 ** (Math.max(exponentOf(x), smallest) - bits);
}

/** Distance of two numbers in units of the last place of `want`; 0 where both are NaN or the same infinity. */
export function ulpsApart(got: number, want: number, dtype: DType = "float64"): number {
  if (got === want || (Number.isNaN(got) && Number.isNaN(want))) return 0;
  if (!Number.isFinite(got) || !Number.isFinite(want)) return Infinity;
  return Math.abs(got - want) / ulpOf(want, dtype);
}
