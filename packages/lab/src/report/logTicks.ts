/** Most ticks of an axis. */
const maxTicks = 12;

/** Leading digits of ticks, from few to many: an axis takes the first list that gives it at least three ticks. */
const tickDigits = [[1], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 8], Array.from({ length: 90 }, (_, i) => (10 + i) / 10)];

/**
 * Ticks of a logarithmic axis: powers of ten, thinned to about eight. A short axis gets numbers between the powers too.
 *
 * @source the 1–2–5 series
 */
export function logTicks(min: number, max: number): number[] {
  const [first, last] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  const every = Math.max(1, Math.ceil((last - first) / 8));
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((power) => power % every === 0);
  const ticksOf = (digits: readonly number[]): number[] => {
    const ticks = powers
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((tick) => tick >= min * 0.999 && tick <= max * 1.001);
    return ticks.filter((_, i) => i % Math.ceil(ticks.length / maxTicks) === 0);
  };
  const candidates = tickDigits.slice(max / min <= 300 ? 1 : 0).map(ticksOf);
  return candidates.find((ticks) => ticks.length >= 3) ?? candidates[candidates.length - 1];
}

/** A tick of a logarithmic axis: 0.02, 5, 10⁻⁴. */
export function formatLogTick(value: number): string {
  if (value >= 1e-3 && value < 1e5) return String(value);
  const power = Math.floor(Math.log10(value) + 1e-9);
  const digit = Number((value / 10 ** power).toPrecision(2));
  const exponent = [...String(power)].map((character) => superscripts[character]).join("");
  return `${digit === 1 ? "" : `${digit}·`}10${exponent}`;
}

const superscripts: Record<string, string> = Object.fromEntries(
  [..."-0123456789"].map((c, i) => [c, "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"[i]]),
);
