/** From here on every float64 is whole. */
const wholeFrom = 2 ** 52;

/** The nearest whole number, halves to even: adding 2^52 rounds, since no bits are left behind the point. */
export function roundHalfEven(x: number): number {
  const size = Math.abs(x);
  if (!(size < wholeFrom)) return x;
  const rounded = size + wholeFrom - wholeFrom;
  return x < 0 || Object.is(x, -0) ? -rounded : rounded;
}
