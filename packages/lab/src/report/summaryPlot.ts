import * as Plot from "@observablehq/plot";
import { type MetricName, metrics, rankingMetric } from "@pushforward/training";
import { drawSvg } from "./drawSvg.ts";
import { errorBar } from "./errorBar.ts";
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
 * that ranks the losses. Rows of several seeds have error bars of one standard deviation. Undefined if fewer than two rows have a score.
 */
export function drawSummary(rows: readonly ResultRow[], palette: Palette): SummaryPlot | undefined {
  const isExact = rows.some((row) => positive(row.oneStepError) !== undefined);
  const drawnMetrics: MetricName[] = isExact ? ["oneStepError", "fourStepError"] : [rankingMetric];
  const [first] = drawnMetrics;
  const drawn = rows.filter((row) => positive(row[first]) !== undefined);
  if (drawn.length < 2) return undefined;
  const what = isExact
    ? "Distance to the exact flow map: one step (filled) and four steps (ring)."
    : `${capitalized(metrics[rankingMetric].title)} of the samples to the data.`;
  const hasBars = drawnMetrics.some((metric) => barsOf(drawn, metric).length > 0);
  const caption = `${what} ${hasBars ? "Means over the seeds; bars are one standard deviation. " : ""}Further left is better.`;
  return { svg: drawDots(drawn, drawnMetrics, palette, caption), caption };
}

/** A score as the dots of a plot. */
interface Series {
  readonly metric: MetricName;
  readonly isRing: boolean;
  /** Distance below the middle of the row, so that the error bars of two scores do not cover each other, in pixels. */
  readonly dy: number;
}

/** Distance of two scores from the middle of a row with error bars, in pixels. */
const apart = 4.5;

function drawDots(rows: readonly ResultRow[], columns: readonly MetricName[], palette: Palette, label: string): string {
  const bars = columns.flatMap((metric) => barsOf(rows, metric));
  const scores = rows.flatMap((row) => columns.map((metric) => positive(row[metric]))).filter(isNumber);
  const values = [...scores, ...bars.flatMap(({ low, high }) => [low, high])];
  const domain = [Math.min(...values) / 1.25, Math.max(...values) * 1.25];
  const ticks = logTicks(domain[0], domain[1]);
  const hasBars = bars.length > 0;
  const shift = hasBars && columns.length > 1 ? apart : 0;
  const series = columns.map((metric, i): Series => ({ metric, isRing: i > 0, dy: i > 0 ? shift : -shift }));
  const marks: Plot.Markish[] = [
    Plot.gridX(ticks, { stroke: "var(--rule)" }),
    Plot.ruleY(rows, { y: "name", stroke: "var(--rule)", strokeDasharray: "1 3" }),
    Plot.axisX(ticks, { tickSize: 0, text: formatLogTick, fill: "var(--soft)", label: null }),
    Plot.axisY({ tickSize: 0, label: null, fontSize: 12, fill: "var(--ink)" }),
    ...(hasBars ? [] : pairLinks(rows, columns, palette)),
    ...series.flatMap((each) => [...barMarks(rows, each, palette), ...dotMarks(rows, each, palette)]),
  ];
  return drawSvg(
    {
      width: 1000,
      height: 40 + (shift > 0 ? 32 : 26) * rows.length,
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

/** Lines between the two scores of each row. */
function pairLinks(rows: readonly ResultRow[], [x1, x2]: readonly MetricName[], palette: Palette): Plot.Markish[] {
  const both = rows.filter((row) => x2 !== undefined && positive(row[x2]) !== undefined);
  const stroke = ({ name }: ResultRow): string => palette(name);
  return both.length > 0 ? [Plot.link(both, { x1, x2, y1: "name", y2: "name", stroke, strokeOpacity: 0.4 })] : [];
}

/** Dots at a score, filled or as rings. */
function dotMarks(rows: readonly ResultRow[], { metric, isRing, dy }: Series, palette: Palette): Plot.Markish[] {
  const drawn = rows.filter((row) => positive(row[metric]) !== undefined);
  const color = ({ name }: ResultRow): string => palette(name);
  const look = isRing ? { r: 4.2, stroke: color, strokeWidth: 1.8, fill: "var(--card)" } : { r: 5, fill: color };
  return drawn.length > 0 ? [Plot.dot(drawn, { x: metric, y: "name", dy, ...look })] : [];
}

/** Error bars of a score, with a stroke at both ends. */
function barMarks(rows: readonly ResultRow[], { metric, dy }: Series, palette: Palette): Plot.Markish[] {
  const bars = barsOf(rows, metric);
  if (bars.length === 0) return [];
  const look = { stroke: ({ name }: Bar): string => palette(name), strokeWidth: 1.6, dy };
  return [
    Plot.link(bars, { x1: "low", x2: "high", y1: "name", y2: "name", ...look }),
    ...(["low", "high"] as const).map((end) =>
      Plot.tickX(bars, { x: end, y: "name", insetTop: 3, insetBottom: 3, ...look }),
    ),
  ];
}

/** The error bar of a row's score. */
interface Bar {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

/** The error bars of the rows that hold the spread of a score over seeds. */
const barsOf = (rows: readonly ResultRow[], metric: MetricName): Bar[] =>
  rows.flatMap(({ name, spreads }) => {
    const spread = spreads?.[metric];
    const isDrawn = spread && positive(spread.mean) !== undefined && spread.deviation > 0;
    return isDrawn ? [{ name, ...errorBar(spread) }] : [];
  });

/** A score that a logarithmic axis can show, else undefined. */
const positive = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 && value < Infinity ? value : undefined;

const isNumber = (value: number | undefined): value is number => value !== undefined;
