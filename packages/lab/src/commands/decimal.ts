/**
 * The number that a text writes in decimal digits, such as 2, -0.5 or 1e-3; undefined for other text, and where a float64 holds
 * nothing of the number: 1e999 is no infinity, 1e-999 no zero.
 */
export function decimalOf(text: string): number | undefined {
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  const isLost = value === 0 && /[1-9]/.test(text.replace(/e.*/i, ""));
  return Number.isFinite(value) && !isLost ? value : undefined;
}
