import { mustBe } from "@pushforward/tensor";

/** A case in plain numbers. */
export interface PlainCase {
  readonly x: number[];
  readonly s: number;
  readonly r: number;
  readonly t: number;
}

function checkCase(start: PlainCase): void {
  mustBe("shrink", "the case", start, "object");
  mustBe("shrink", "x", start.x, "list");
  for (const [i, value] of start.x.entries()) mustBe("shrink", `x[${i}]`, value, "number");
  for (const name of ["s", "r", "t"] as const) mustBe("shrink", name, start[name], "number");
}

/** Simpler candidates for a coordinate, the simplest first. */
const simplerCoordinates = (value: number): number[] => [
  0,
  Math.sign(value),
  Math.trunc(value),
  roundTowardsZero(value, 1),
  roundTowardsZero(value, 2),
];

/** Simpler candidates for a time, the simplest first. */
const simplerTimes = (value: number): number[] => [0, 1, 0.5, roundTowardsZero(value, 1), roundTowardsZero(value, 2)];

const roundTowardsZero = (value: number, digits: number): number =>
  Number((Math.trunc(value * 10 ** digits) / 10 ** digits).toFixed(digits));

/**
 * Simplifies a failing case: every number is replaced by the simplest number with which the case still fails, until nothing
 * changes.
 *
 * @param isFailing whether a case still breaks the law
 * @param range interval of the times
 * @throws DTypeError unless the case holds numbers
 */
export function shrink(
  start: PlainCase,
  isFailing: (one: PlainCase) => boolean,
  range: readonly [low: number, high: number],
): PlainCase {
  checkCase(start);
  mustBe("shrink", "isFailing", isFailing, "function");
  mustBe("shrink", "the range", range, "list");
  const [low, high] = range;
  for (const [name, bound] of Object.entries({ low, high })) mustBe("shrink", name, bound, "number");
  let best = start;
  const attempt = (value: number, simpler: readonly number[], replace: (value: number) => PlainCase): boolean => {
    // the simplest candidates come first: candidates after the current value are not simpler
    const end = simpler.indexOf(value);
    const candidates = end < 0 ? simpler : simpler.slice(0, end);
    const found = candidates.map(replace).find(isFailing);
    if (found) best = found;
    return found !== undefined;
  };
  const isInside = (time: number): boolean => time >= low && time <= high;
  for (let changed = true; changed; ) {
    changed = false;
    best.x.forEach((_, i) => {
      const value = best.x[i];
      const replace = (simple: number): PlainCase => ({ ...best, x: best.x.map((old, k) => (k === i ? simple : old)) });
      changed = attempt(value, simplerCoordinates(value), replace) || changed;
    });
    for (const name of ["s", "r", "t"] as const) {
      const value = best[name];
      const replace = (simple: number): PlainCase => ({ ...best, [name]: simple });
      changed = attempt(value, simplerTimes(value).filter(isInside), replace) || changed;
    }
  }
  return best;
}
