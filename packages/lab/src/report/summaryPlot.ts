import * as Plot from "@observablehq/plot";
import { type MetricName, metrics, rankingMetric } from "@pushforward/training";
import { drawSvg } from "./drawSvg.ts";
import { formatLogTick, logTicks } from "./logTicks.ts";
import { capitalized } from "./metricSentences.ts";
import type { Palette } from "./palette.ts";
import type { ResultRow } from "./report.ts";

/** The plot at the top of a report. */
export interface SummaryPlot {
  readonly svg: string;
  readonly caption: string;
}

/**
 * The results at a glance, a row of dots on a logarithmic axis: errors to the exact flow map where it is known, else the metric
 * that ranks the losses. Undefined if fewer than two rows have a score.
 */
export function drawSummary(rows: readonly ResultRow[], palette: Palette): SummaryPlot | undefined {
  const isExact = rows.some((row) => positive(row.oneStepError) !== undefined);
  const [first, second]: MetricName[] = isExact ? ["oneStepError", "fourStepError"] : [rankingMetric];
  const drawn = rows.filter((row) => positive(row[first]) !== undefined);
  if (drawn.length < 2) return undefined;
  const caption = isExact
    ? "Distance to the exact flow map: one step (filled) and four steps (ring). Further left is better."
    : `${capitalized(metrics[rankingMetric].title)} of the samples to the data. Further left is better.`;
  return { svg: drawDots(drawn, first, second, palette, caption), caption };
}

function drawDots(
  rows: readonly ResultRow[],
  first: MetricName,
  second: MetricName | undefined,
  palette: Palette,
  label: string,
): string {
  const values = rows.flatMap((row) => [positive(row[first]), second && positive(row[second])]).filter(isNumber);
  const domain = [Math.min(...values) / 1.25, Math.max(...values) * 1.25];
  const ticks = logTicks(domain[0], domain[1]);
  const both = rows.filter((row) => second && positive(row[second]) !== undefined);
  const color = (row: ResultRow): string => palette(row.name);
  const marks: Plot.Markish[] = [
    Plot.gridX(ticks, { stroke: "var(--rule)" }),
    Plot.ruleY(rows, { y: "name", stroke: "var(--rule)", strokeDasharray: "1 3" }),
    Plot.axisX(ticks, { tickSize: 0, text: formatLogTick, fill: "var(--soft)", label: null }),
    Plot.axisY({ tickSize: 0, label: null, fontSize: 12, fill: "var(--ink)" }),
    Plot.dot(rows, { x: first, y: "name", r: 5, fill: color }),
  ];
  if (second) {
    marks.splice(
      4,
      0,
      Plot.link(both, { x1: first, x2: second, y1: "name", y2: "name", stroke: color, strokeOpacity: 0.4 }),
    );
    marks.push(Plot.dot(both, { x: second, y: "name", r: 4.2, stroke: color, strokeWidth: 1.8, fill: "var(--card)" }));
  }
  return drawSvg(
    {
      width: 1000,
      height: 40 + 26 * rows.length,
      marginLeft: 24 + 7 * Math.max(...rows.map(({ name }) => name.length)),
      marginRight: 16,
      marginTop: 6,
      marginBottom: 26,
      x: { type: "log", domain },
      y: { domain: rows.map(({ name }) => name), padding: 0.5 },
      color: { type: "identity" },
      marks,
    },
    label,
  );
}

/** A score that a logarithmic axis can show, else undefined. */
const positive = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 && value < Infinity ? value : undefined;

const isNumber = (value: number | undefined): value is number => value !== undefined;
