import type { Mark } from "../work/race/messages.ts";

/** The frame of the curves: pixels of its sides, updates along it, and errors from its bottom to its top. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly errors: readonly [low: number, high: number];
}

/** Errors that a logarithmic axis can show. */
const isShown = ({ error }: Mark): boolean => error > 0 && Number.isFinite(error);

/** The errors from the least to the largest of all curves, rounded outwards to 1, 2 or 5 times a power of ten. */
export function errorRange(curves: readonly (readonly Mark[])[]): [low: number, high: number] {
  const errors = curves
    .flat()
    .filter(isShown)
    .map(({ error }) => error);
  if (errors.length === 0) return [0.1, 1];
  const [low, high] = [Math.min(...errors), Math.max(...errors)];
  const all = roundNumbers(low / 10, high * 10);
  const bottom = all.findLast((value) => value <= low)!;
  const top = all.find((value) => value >= high && value > bottom)!;
  return [bottom, top];
}

/** 1, 2 and 5 times powers of ten in an interval. */
export function roundNumbers(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => first + i);
  return powers
    .flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)))
    .filter((value) => value >= low && value <= high);
}

/** Height of an error, from the top. */
export const heightOf = ({ height, errors: [low, high] }: Frame, error: number): number =>
  height * (1 - Math.log(error / low) / Math.log(high / low));

/** A curve as the path of an SVG. */
export function curvePath(frame: Frame, marks: readonly Mark[]): string {
  const places = marks
    .filter(isShown)
    .map(
      (mark) => `${((mark.update / frame.steps) * frame.width).toFixed(1)} ${heightOf(frame, mark.error).toFixed(1)}`,
    );
  return places.length === 0 ? "" : `M${places.join("L")}`;
}
