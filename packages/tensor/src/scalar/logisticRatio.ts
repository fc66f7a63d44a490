import { ln2OfFdlibm } from "./ln2.ts";
import { productError } from "./productError.ts";

const [ln2High, ln2Low] = ln2OfFdlibm;

/** 2^0, 2^-1, … 2^-63 */
const halvings = Float64Array.from({ length: 64 }, (_, k) => 2 ** -k);

/**
 * The family of the logistic curve, (p + q·E)/(1 + E) with E = exp(−a), to 0.52 ulp.
 *
 *   tanh(a/2) = (1 − E)/(1 + E),   sigmoid(a) = 1/(1 + E),   sigmoid(−a) = E/(1 + E)
 *
 * Built from a rounded exp these would cost 1.4 to 2 ulp, so E is carried as a sum of two numbers up to the last addition:
 * the rounded result, and its rounding error as the tail (Dekker 1971).
 *
 * @param a in [2^-28, 40]
 * @param p 0 or 1
 * @param q −1, 0 or 1, and q ≠ 0 if p = 0
 */
export function logisticRatio(a: number, p: number, q: number): number {
  // −a = k·ln2 + r + c with |r| ≤ ln2/2
  const k = Math.round(-a * Math.LOG2E);
  const high = -a - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const c = high - r - low;

  // exp(r + c) − 1 = r + r²/2 + (c·(1 + r) + r³·series)
  const square = r * r;
  const head = r + 0.5 * square;
  const rounded = 0.5 * square - (head - r) + 0.5 * productError(r, r, square);
  const rest = rounded + c * (1 + r) + square * r * series(r, square);
  const s = head + rest;
  const sTail = rest - (s - head);

  // E = 2^k·(1 + s), and the two sums made of it
  const scale = halvings[-k]!;
  const e = scale + scale * s;
  const eTail = scale * s - (e - scale) + scale * sTail;
  const numerator = p + q * e;
  const numeratorTail = q * e - (numerator - p) + q * eTail;
  const denominator = 1 + e;
  const denominatorTail = e - (denominator - 1) + eTail;

  const ratio = numerator / denominator;
  const back = ratio * denominator;
  const remainder = numerator - back - productError(ratio, denominator, back) + numeratorTail;
  return ratio + (remainder - ratio * denominatorTail) / denominator;
}

/** Σ_{n≥3} r^(n−3)/n! up to n = 14: the omitted terms are below 2^-61 of exp(r) − 1. */
function series(r: number, square: number): number {
  const odd =
    1 / 6 +
    square * (1 / 120 + square * (1 / 5040 + square * (1 / 362880 + square * (1 / 39916800 + square / 6227020800))));
  const even =
    1 / 24 +
    square *
      (1 / 720 + square * (1 / 40320 + square * (1 / 3628800 + square * (1 / 479001600 + square / 87178291200))));
  return odd + r * even;
}
