import { logisticRatio } from "./logisticRatio.ts";

/**
 * Logistic function 1/(1 + exp(−x)), to 0.8 ulp; no overflow on either side.
 *
 * Above 40 it rounds to 1, below −40 to exp(x): the other terms are smaller than 2^-57 of it.
 */
export function sigmoid(x: number): number {
  if (x < -40) return Math.exp(x);
  if (x > 40) return 1;
  const size = Math.abs(x);
  if (!(size >= 2 ** -28)) return 0.5 + 0.25 * x;
  return x > 0 ? logisticRatio(size, 1, 0) : logisticRatio(size, 0, 1);
}
