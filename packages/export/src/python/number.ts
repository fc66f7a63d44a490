import { type DType, isFloat } from "@pushforward/tensor";

/**
 * A number in the fewest digits of Python from which the same number is read back in its dtype. Whole numbers have no decimal point:
 * a float array stays one.
 */
export function numberText(x: number, dtype: DType): string {
  if (dtype === "bool") return x === 0 ? "False" : "True";
  if (Number.isNaN(x)) return 'float("nan")';
  if (!Number.isFinite(x)) return x > 0 ? 'float("inf")' : '-float("inf")';
  if (Object.is(x, -0)) return "-0.0";
  const text = String(dtype === "float32" ? shortestFloat32(x) : x);
  // Frameworks hold whole numbers of Python in 32 bits.
  return isFloat(dtype) && Number.isInteger(x) && Math.abs(x) >= 2 ** 31 && !text.includes("e") ? `${text}.0` : text;
}

/** The number of the fewest decimal digits that rounds to the same float32. */
function shortestFloat32(x: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(x.toPrecision(digits));
    if (Math.fround(short) === x) return short;
  }
  return Number(x.toPrecision(9));
}
