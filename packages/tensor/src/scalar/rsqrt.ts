import { productError } from "./productError.ts";

/**
 * Reciprocal square root 1/√x, to 0.51 ulp.
 *
 *   s = √x rounded, ρ = x − s², q = 1/s rounded:   1/√x = q + q·((1 − q·s) − ρ/2x) + O(ε²)
 *
 * Two roundings in a row would cost up to 1.5 ulp; the two exact remainders correct the error.
 */
export function rsqrt(x: number): number {
  if (!(x > 0 && x < Infinity)) return 1 / Math.sqrt(x);
  // Far out the remainders would overflow or underflow.
  if (x > 2 ** 900) return 2 ** -250 * rsqrt(x * 2 ** -500);
  if (x < 2 ** -900) return 2 ** 250 * rsqrt(x * 2 ** 500);
  const s = Math.sqrt(x);
  const square = s * s;
  const rho = x - square - productError(s, s, square);
  const q = 1 / s;
  const one = q * s;
  const remainder = 1 - one - productError(q, s, one);
  return q + q * (remainder - rho / (2 * x));
}
