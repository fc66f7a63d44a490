/** 2^27 + 1: splits 53 bits into two halves whose products are exact. @source Dekker 1971, "A floating-point technique" */
const splitter = 134217729;

/**
 * The rounding error of a product: a·b = product + productError(a, b, product), exactly.
 *
 * Exact while |a|, |b| < 2^996 and the product stays above 2^-969; JavaScript has no fused multiply-add that would do it in one step.
 *
 * @source Dekker 1971; Shewchuk 1997, "Adaptive Precision Floating-Point Arithmetic", theorem 18
 */
export function productError(a: number, b: number, product: number): number {
  const wideA = splitter * a;
  const highA = wideA - (wideA - a);
  const lowA = a - highA;
  const wideB = splitter * b;
  const highB = wideB - (wideB - b);
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}
