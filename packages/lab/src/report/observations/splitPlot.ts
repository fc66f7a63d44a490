import * as Plot from "@observablehq/plot";
import { drawSvg, pathMark, pixel } from "../drawSvg.ts";
import type { LineKey } from "./lineKey.ts";
import { endLabels, frameMarks, frameOptions, type StepFrame } from "./stepFrame.ts";

/** Parts whose sums are lines. */
export interface SplitPanel {
  readonly title: string;
  readonly color: string;
  readonly frame: StepFrame;
  readonly parts: readonly LineKey[];
  /** At each step the sums of the first part, of the first two parts, …, of all parts. */
  readonly sums: readonly StepSums[];
}

/** Sums of parts at a step. */
export interface StepSums {
  readonly step: number;
  readonly sums: readonly number[];
}

/** Opacities of the areas, from the first part on. */
export const areaOpacities = [0.5, 0.26, 0.12, 0.06];

/** Distance between the lines of a hatched area, in pixels. */
const hatch = 4;

/** A step between two lines, in pixels: the sum before a part and the sum with it. */
export interface Slice {
  readonly x: number;
  readonly before: number;
  readonly after: number;
}

/** Stacked parts: a line for each sum, and between two lines the area of a part; the area of a negative part is hatched. */
export function drawSplit({ title, color, frame, parts, sums }: SplitPanel): string {
  const floor = frame.axis === "log" ? frame.domain[0] : 0;
  const slicesOf = (part: number, x: (v: number) => number, y: (v: number) => number): Slice[] =>
    sums.map(({ step, sums: at }) => ({
      x: x(step),
      before: y(part === 0 ? floor : at[part - 1]),
      after: y(at[part]),
    }));
  const areas = parts.flatMap((_, part) => [
    pathMark({ fill: color, "fill-opacity": areaOpacities[part] ?? 0.06 }, (x, y) => filled(slicesOf(part, x, y))),
    pathMark({ stroke: color, "stroke-width": 0.9, fill: "none" }, (x, y) => hatched(slicesOf(part, x, y))),
  ]);
  const lines = parts.map(({ dashes }, part) =>
    Plot.lineY(sums, {
      ...{ x: "step", y: ({ sums: at }: StepSums) => at[part] },
      ...{ stroke: color, strokeWidth: 1.6, strokeDasharray: dashes === "" ? undefined : dashes },
    }),
  );
  const last = sums.filter(({ sums: at }) => at.every(Number.isFinite)).at(-1);
  const text = (part: number): string =>
    parts
      .slice(0, part + 1)
      .map(({ letter }) => letter)
      .join("+");
  const ends = last ? last.sums.map((value, part) => ({ text: text(part), step: last.step, value })) : [];
  const marks = [...frameMarks(frame), ...areas, ...lines, ...(parts.length > 1 ? endLabels(ends, frame) : [])];
  return drawSvg({ ...frameOptions(frame, parts.length > 1 ? 14 + 12 * parts.length : 14), marks }, title);
}

/** Slices with one more where the two lines cross. */
function withCrossings(slices: readonly Slice[]): Slice[] {
  return slices.flatMap((slice, i) => {
    const next = slices[i + 1];
    if (next === undefined) return [slice];
    const [now, then] = [slice.after - slice.before, next.after - next.before];
    if (!(now * then < 0)) return [slice];
    return [slice, between(slice, next, now / (now - then))];
  });
}

/** The slice at a fraction of the way between two. */
function between(a: Slice, b: Slice, fraction: number): Slice {
  const mix = (from: number, to: number): number => from + fraction * (to - from);
  return { x: mix(a.x, b.x), before: mix(a.before, b.before), after: mix(a.after, b.after) };
}

/** Pairs of neighbouring slices between which a part is positive, or negative; y grows downwards. */
function pairsOf(slices: readonly Slice[], sign: 1 | -1): (readonly [Slice, Slice])[] {
  const all = withCrossings(slices);
  return all.slice(1).flatMap((b, i) => {
    const a = all[i];
    const part = a.before - a.after + b.before - b.after;
    return part * sign > 0 ? [[a, b] as const] : [];
  });
}

/** The outline of the area where a part is positive. */
export const filled = (slices: readonly Slice[]): string =>
  pairsOf(slices, 1)
    .map(
      ([a, b]) =>
        `M${pixel(a.x)} ${pixel(a.before)}L${pixel(b.x)} ${pixel(b.before)}V${pixel(b.after)}L${pixel(a.x)} ${pixel(a.after)}Z`,
    )
    .join("");

/** Upright lines over the area where a part is negative. */
export const hatched = (slices: readonly Slice[]): string =>
  pairsOf(slices, -1)
    .flatMap(([a, b]) => {
      const first = Math.ceil(a.x / hatch);
      const count = Math.max(0, Math.ceil(b.x / hatch) - first);
      return Array.from({ length: count }, (_, i) => {
        const x = (first + i) * hatch;
        const { before, after } = between(a, b, (x - a.x) / (b.x - a.x));
        return `M${pixel(x)} ${pixel(before)}V${pixel(after)}`;
      });
    })
    .join("");
