/** A number in at most four digits, with a true minus sign. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return String(Number(value.toPrecision(4))).replaceAll("-", "−");
}

/** A named array in words: with its number, or with its shape. */
export const arrayText = (name: string, values: readonly number[], shape: readonly number[]): string =>
  shape.length === 0 ? `${name} ${numberText(values[0])}` : `${name} (${shape.join("×")})`;
