import * as Plot from "@observablehq/plot";
import { formatCount } from "../formats.ts";
import { formatLogTick, logTicks } from "../logTicks.ts";

/** The axes of a plot of numbers over the steps of a training. */
export interface StepFrame {
  /** Width of the plot, in pixels. */
  readonly width: number;
  /** First and last step. */
  readonly steps: readonly [number, number];
  readonly axis: "log" | "linear" | "cosine";
  readonly domain: readonly [number, number];
}

/** Height and margins of a plot, in pixels. */
const size = { height: 210, marginLeft: 40, marginTop: 8, marginBottom: 34 };

/** Height of letters, and smallest distance between labels at the ends of lines, in pixels. */
const [fontSize, labelHeight] = [11, 10];

/** The positive range of numbers with some room, for a logarithmic axis; numbers that are not positive and finite are left out. */
export function logDomain(values: readonly number[], room: number): readonly [number, number] {
  const positive = values.filter((value) => value > 0 && value < Infinity);
  return positive.length === 0
    ? [0.1, 1]
    : [positive.reduce((a, b) => Math.min(a, b)) / room, positive.reduce((a, b) => Math.max(a, b)) * room];
}

/** Size and scales of a plot over steps. */
export const frameOptions = ({ width, steps, axis, domain }: StepFrame, marginRight: number): Plot.PlotOptions => ({
  ...size,
  width,
  marginRight,
  x: { domain: steps, label: null },
  y: { type: axis === "log" ? "log" : "linear", domain: [...domain], label: null },
});

/** Ticks of the vertical axis. */
const ticksOf = ({ axis, domain }: StepFrame): number[] | undefined =>
  axis === "log" ? logTicks(...domain) : axis === "cosine" ? [-1, -0.5, 0, 0.5, 1] : undefined;

/** Grid and axes of a plot over steps; zero is marked where it is on the axis. */
export function frameMarks(frame: StepFrame): Plot.Markish[] {
  const ticks = ticksOf(frame) ?? { ticks: 5 };
  const text = frame.axis === "log" ? formatLogTick : (value: number) => String(value).replace("-", "−");
  return [
    Plot.gridY(ticks as number[], { stroke: "var(--rule)", strokeOpacity: 0.8 }),
    ...(frame.axis === "log" ? [] : [Plot.ruleY([0], { stroke: "var(--soft)", strokeWidth: 1 })]),
    Plot.axisY(
      ticks as number[],
      { tickSize: 0, text, fill: "var(--soft)", fontSize, label: null } as Plot.AxisYOptions,
    ),
    Plot.axisX({
      ...{ tickSize: 0, ticks: 5, tickFormat: formatCount, fill: "var(--soft)", fontSize },
      ...{ label: "step", labelArrow: "none" },
    }),
  ];
}

/** A label at the end of a line. */
export interface EndLabel {
  readonly text: string;
  readonly step: number;
  readonly value: number;
}

/** Labels to the right of the ends of lines; close ones are moved apart. */
export function endLabels(labels: readonly EndLabel[], { axis, domain }: StepFrame): Plot.Markish[] {
  const along = axis === "log" ? Math.log : (value: number): number => value;
  const [low, high] = domain.map(along);
  const bottom = size.height - size.marginBottom;
  const pixels = labels.map(({ value }) => bottom - ((along(value) - low) / (high - low)) * (bottom - size.marginTop));
  const places = spreadOut(pixels, labelHeight, [size.marginTop, bottom]);
  return labels.map((label, i) =>
    Plot.text([label], {
      ...{ x: "step", y: "value", text: "text", textAnchor: "start", dx: 6, dy: places[i] - pixels[i] },
      ...{ fill: "var(--ink)", fontSize, fontWeight: 600 },
    }),
  );
}

/** Positions at least `gap` apart, in the order of the given ones and close to them, inside the bounds if there is room. */
export function spreadOut(
  positions: readonly number[],
  gap: number,
  [top, bottom]: readonly [number, number],
): number[] {
  const order = positions.map((_, i) => i).sort((i, j) => positions[i] - positions[j]);
  const moved = [...positions];
  const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));
  order.forEach((i, k) => {
    const above = k === 0 ? top : moved[order[k - 1]] + gap;
    moved[i] = Math.max(above, clamp(positions[i], top, bottom));
  });
  for (let k = order.length - 1, limit = bottom; k >= 0; k--, limit = moved[order[k + 1]] - gap)
    moved[order[k]] = Math.min(moved[order[k]], limit);
  return moved;
}
