import * as Plot from "@observablehq/plot";
import { drawSvg } from "./drawSvg.ts";
import { formatCount } from "./formats.ts";
import { formatLogTick, logTicks } from "./logTicks.ts";
import type { Palette } from "./palette.ts";
import type { CurvePanel, CurveSeries } from "./report.ts";

/** One point of a curve: a bin of steps, with the median and two deciles of its values. */
export interface Bin {
  readonly step: number;
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** Most points of a drawn curve: one for every three pixels. */
const maxBins = 180;

/** Training curves on a logarithmic axis: the median of each bin of steps, and a band with the middle 80 % of its values. */
export function drawCurves(panel: CurvePanel, palette: Palette): string {
  const drawn = panel.series.map((series) => ({ name: series.name, bins: binSeries(series) }));
  const middles = drawn.flatMap(({ bins }) => bins.map(({ middle }) => middle));
  const domain = middles.length > 0 ? [Math.min(...middles) / 1.5, Math.max(...middles) * 1.5] : [0.1, 1];
  const bound = (value: number): number => Math.min(domain[1], Math.max(domain[0], value));
  const ticks = logTicks(domain[0], domain[1]);
  return drawSvg(
    {
      width: 520,
      height: 260,
      marginLeft: 44,
      marginRight: 26, // half of a tick's text at the last step
      marginTop: 10,
      marginBottom: 34,
      x: { label: null },
      y: { type: "log", domain, label: null },
      marks: [
        Plot.gridY(ticks, { stroke: "var(--rule)", strokeOpacity: 0.8 }),
        Plot.axisY(ticks, { tickSize: 0, text: formatLogTick, fill: "var(--soft)", label: null }),
        Plot.axisX({
          tickSize: 0,
          ticks: 6,
          tickFormat: formatCount,
          fill: "var(--soft)",
          label: "step",
          labelArrow: "none",
        }),
        ...drawn.map(({ name, bins }) =>
          Plot.areaY(bins, {
            x: "step",
            y1: (bin: Bin) => bound(bin.low),
            y2: (bin: Bin) => bound(bin.high),
            fill: palette(name),
            fillOpacity: 0.13,
          }),
        ),
        ...drawn.map(({ name, bins }) =>
          Plot.lineY(bins, { x: "step", y: "middle", stroke: palette(name), strokeWidth: 1.6 }),
        ),
      ],
    },
    `${panel.title}: ${panel.series.map(({ name }) => name).join(", ")}`,
  );
}

/** Medians and deciles over bins of equally many steps; values that are not positive and finite are left out. */
export const binSeries = (series: CurveSeries): Bin[] =>
  groupSteps(series, maxBins).flatMap(({ step, values }) => {
    const sorted = values.filter((value) => value > 0 && value < Infinity).sort((a, b) => a - b);
    const at = (quantile: number): number => sorted[Math.round(quantile * (sorted.length - 1))];
    return sorted.length === 0 ? [] : [{ step, low: at(0.1), middle: at(0.5), high: at(0.9) }];
  });

/** The values of a few neighbouring steps. */
export interface StepGroup {
  /** Between the first and the last of its steps. */
  readonly step: number;
  readonly values: readonly number[];
}

/** Values in groups of equally many steps, as few as give at most so many groups. */
export function groupSteps({ steps, values }: Pick<CurveSeries, "steps" | "values">, mostGroups: number): StepGroup[] {
  const starts = Array.from(steps, (_, i) => i).filter((i) => i === 0 || steps[i] !== steps[i - 1]);
  const size = Math.max(1, Math.ceil(starts.length / mostGroups));
  const groups: StepGroup[] = [];
  for (let i = 0; i < starts.length; i += size) {
    const [start, end] = [starts[i], starts[i + size] ?? values.length];
    const inside = Array.from({ length: end - start }, (_, j) => values[start + j]);
    groups.push({ step: (steps[start] + steps[end - 1]) / 2, values: inside });
  }
  return groups;
}
