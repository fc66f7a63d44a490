/** Largest error of a function in each format, in units of the last place of the true value. */
export interface UlpBounds {
  readonly float64: number;
  readonly float32: number;
}

/**
 * Error bounds of the vector bodies of named functions, with and without fused multiply-add; every other operation has the bits
 * of the reference.
 *
 * Each bound is the largest measured error, rounded up: over every 101st float32, against float64; over 4 million float64 of all
 * sizes, the worst of them against 50 digits.
 */
export const ulpBounds: Readonly<Record<string, UlpBounds>> = {
  exp: { float64: 1, float32: 1 },
  expm1: { float64: 2, float32: 1.5 },
  log: { float64: 1, float32: 1 },
  log1p: { float64: 1, float32: 1 },
  rsqrt: { float64: 1.5, float32: 1.5 },
  sin: { float64: 1.6, float32: 1.6 },
  cos: { float64: 1.6, float32: 1.6 },
  atan: { float64: 2, float32: 2 },
  tanh: { float64: 1.5, float32: 1.5 },
  sigmoid: { float64: 2.4, float32: 2.3 },
  erf: { float64: 1.1, float32: 1.1 },
  erfInv: { float64: 2.3, float32: 2 },
  normalCdf: { float64: 3, float32: 0.6 },
  pow: { float64: 1.5, float32: 0.6 },
};
