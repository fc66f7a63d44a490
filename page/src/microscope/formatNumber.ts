/** A number with few digits: four after the point, or a power of ten where that shows nothing. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 5e-4 || size >= 1e4)
    return value.toExponential(1).replace("e+", "e").replace("-", "−").replace("e-", "e−");
  return value.toFixed(size >= 100 ? 1 : 4).replace("-", "−");
}
