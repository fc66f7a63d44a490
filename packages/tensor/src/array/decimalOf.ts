/** A number in decimal digits with a point. */
export const decimalNotation = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The number of a text in decimal digits, such as 2, -0.5 or 1e-3; undefined for other text, and for a number that float64 cannot
 * hold: 1e999 is not read as infinity, 1e-999 not as zero.
 */
export function decimalOf(text: string): number | undefined {
  if (!decimalNotation.test(text)) return undefined;
  const value = Number(text);
  const isLost = value === 0 && /[1-9]/.test(text.replace(/e.*/i, ""));
  return Number.isFinite(value) && !isLost ? value : undefined;
}
