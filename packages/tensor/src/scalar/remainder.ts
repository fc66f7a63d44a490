/** x mod y with the sign of y, a zero too, as in NumPy; NaN for y = 0. */
export function remainder(x: number, y: number): number {
  const r = x % y;
  if (r === 0) return y < 0 ? -0 : 0;
  return r < 0 !== y < 0 ? r + y : r;
}
