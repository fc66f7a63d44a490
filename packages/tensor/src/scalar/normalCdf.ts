import { normalTail } from "./normalTail.ts";

const { series, end } = normalTail[64];

/**
 * Distribution function of the standard normal law, to 3 ulp, also where it is tiny.
 *
 *   Φ(x) = ½·erfc(−x/√2) = 1/√(2π) ∫₋∞ˣ exp(−s²/2) ds
 *
 * The argument of erfc would be rounded, which costs x² ulp in the tail: here x²/2 itself is the exponent.
 */
export function normalCdf(x: number): number {
  const tail = tailBeyond(Math.min(Math.abs(x), end));
  return x < 0 ? tail : 1 - tail;
}

/** Φ(−a); z = a to 24 bits: z² is exact, and the rest of a²/2 below 2^-13. */
function tailBeyond(a: number): number {
  const z = Math.fround(a);
  const rest = 0.5 * (z - a) * (z + a);
  const leading = Math.exp(-0.5 * z * z);
  const q = (a - 3) / (a + 3);
  let sum = 0;
  for (let power = series.length - 1; power >= 0; power--) sum = sum * q + series[power]!;
  return ((leading + leading * rest * (1 + 0.5 * rest * (1 + rest / 3))) * sum) / (1 + 1.25 * a);
}
