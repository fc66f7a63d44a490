/** A logarithmic axis: its pixels and the numbers at its ends. */
export interface LogAxis {
  readonly size: number;
  readonly low: number;
  readonly high: number;
}

/** The place of a number, from the low end; numbers beyond the ends are at the ends. */
export function placeOf({ size, low, high }: LogAxis, value: number): number {
  const part = Math.log(value / low) / Math.log(high / low);
  return size * Math.min(1, Math.max(0, part));
}

/** The number at a place. */
export const numberAt = ({ size, low, high }: LogAxis, place: number): number => low * (high / low) ** (place / size);

/** Powers of ten on an axis, at most so many. */
export function powersOf({ low, high }: LogAxis, most: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const stride = Math.max(1, Math.ceil((last - first + 1) / most));
  return Array.from({ length: Math.floor((last - first) / stride) + 1 }, (_, i) => first + i * stride);
}

/** A curve through points whose places are given, as the path of an SVG; numbers that are not positive leave gaps. */
export function logPath(x: LogAxis, y: LogAxis, places: readonly number[], values: readonly number[]): string {
  let isOpen = false;
  const parts = places.map((place, i) => {
    const isShown = values[i] > 0 && values[i] >= y.low && values[i] <= y.high;
    const command = isShown
      ? `${isOpen ? "L" : "M"}${placeOf(x, place).toFixed(1)} ${(y.size - placeOf(y, values[i])).toFixed(1)}`
      : "";
    isOpen = isShown;
    return command;
  });
  return parts.join("");
}

const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten in print: 10⁻³. */
export const printPower = (power: number): string =>
  `10${power < 0 ? "⁻" : ""}${Array.from(String(Math.abs(power)), (digit) => digits[Number(digit)]).join("")}`;
