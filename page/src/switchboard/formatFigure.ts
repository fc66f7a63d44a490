/** A figure in three digits; a dash for one that is not there or not a number. */
export function formatFigure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "–";
  if (value !== 0 && Math.abs(value) < 1e-9) return "0 (rounding)";
  return String(Number(value.toPrecision(3))).replace("-", "−");
}
