import * as Plot from "@observablehq/plot";
import type { Bin } from "../curves.ts";
import { drawSvg } from "../drawSvg.ts";
import type { LineKey } from "./lineKey.ts";
import { endLabels, frameMarks, frameOptions, type StepFrame } from "./stepFrame.ts";

/** Lines of one training. */
export interface LinesPanel {
  readonly title: string;
  readonly color: string;
  readonly frame: StepFrame;
  readonly lines: readonly { readonly key: LineKey; readonly bins: readonly Bin[] }[];
}

/** Most lines that have bands: more bands would hide each other. */
export const mostBands = 4;

/** Medians as lines with letters at their ends, and bands with the middle 80 % of the values. */
export function drawLines({ title, color, frame, lines }: LinesPanel): string {
  const [low, high] = frame.domain;
  const isShown = (bin: Bin): boolean => Number.isFinite(bin.middle) && (frame.axis !== "log" || bin.middle > 0);
  const bound = (value: number): number => Math.min(high, Math.max(low, value));
  const area = (bins: readonly Bin[]): Plot.Markish =>
    Plot.areaY(bins, {
      x: "step",
      y1: (bin: Bin) => (isShown(bin) ? bound(bin.low) : Number.NaN),
      y2: (bin: Bin) => (isShown(bin) ? bound(bin.high) : Number.NaN),
      fill: color,
      fillOpacity: Math.max(0.05, 0.18 / lines.length),
    });
  const line = (bins: readonly Bin[], { dashes }: LineKey): Plot.Markish =>
    Plot.lineY(bins, {
      ...{ x: "step", y: (bin: Bin) => (isShown(bin) ? bin.middle : Number.NaN) },
      ...{ stroke: color, strokeWidth: 1.6, strokeDasharray: dashes === "" ? undefined : dashes },
    });
  const ends = lines.flatMap(({ key, bins }) =>
    bins
      .filter(isShown)
      .slice(-1)
      .map(({ step, middle }) => ({ text: key.letter, step, value: middle })),
  );
  const isAlone = (bins: readonly Bin[], i: number): boolean =>
    isShown(bins[i]) && ![bins[i - 1], bins[i + 1]].some((bin) => bin !== undefined && isShown(bin));
  const single = lines.flatMap(({ bins }) => bins.filter((_, i) => isAlone(bins, i)));
  return drawSvg(
    {
      ...frameOptions(frame, lines.length > 1 ? 26 : 14),
      marks: [
        ...frameMarks(frame),
        ...(lines.length <= mostBands ? lines.map(({ bins }) => area(bins)) : []),
        ...lines.map(({ key, bins }) => line(bins, key)),
        Plot.dot(single, { x: "step", y: "middle", r: 2.2, fill: color }),
        ...(lines.length > 1 ? endLabels(ends, frame) : []),
      ],
    },
    title,
  );
}
