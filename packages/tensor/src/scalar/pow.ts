/**
 * x to the power y, to 1 ulp, with the limits of IEEE 754 and NumPy.
 *
 * Math.pow differs from these in two places: it calls 1^NaN, 1^±Infinity and (−1)^±Infinity NaN, where IEEE 754 says 1.
 *
 * @source IEEE 754-2019, section 9.2.1
 */
export function pow(x: number, y: number): number {
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return x ** y;
}
