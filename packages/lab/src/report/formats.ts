/** A score: three significant digits, "–" for a missing score, "diverged" for one that is not finite. */
export function formatScore(value: number | undefined): string {
  if (value === undefined) return "–";
  if (!Number.isFinite(value)) return "diverged";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1).replaceAll("-", "−");
  const digits = size === 0 ? 0 : Math.max(0, Math.min(5, 2 - Math.floor(Math.log10(size))));
  return value.toFixed(digits).replaceAll("-", "−");
}

/** A whole number with thin spaces between the thousands. */
export const formatCount = (value: number | undefined): string =>
  value === undefined ? "–" : String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** A duration in seconds as text: "21.3 s", "4 min 05 s". */
export function formatDuration(seconds: number | undefined): string {
  if (seconds === undefined) return "–";
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}
