import * as Plot from "@observablehq/plot";
import { drawSvg } from "./drawSvg.ts";
import { errorBar } from "./errorBar.ts";
import { formatLogTick, logTicks } from "./logTicks.ts";
import type { ResultColumn } from "./resultColumns.ts";
import type { StudyRow } from "./study.ts";

/** A mean with its error bar, positive and finite. */
interface SpreadDot {
  readonly name: string;
  readonly family: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Height of a row and width of a letter, in pixels. */
const [rowHeight, letterWidth] = [17, 6.3];

/**
 * One column of a study as a plot: dots on a logarithmic axis, with error bars of one standard deviation between seeds. Baselines are
 * dashed lines. Undefined if fewer than two losses or teachers have a score.
 *
 * @param colorOf CSS colour of a family
 */
export function drawSpreads(
  rows: readonly StudyRow[],
  { key, title }: ResultColumn,
  colorOf: (family: string) => string,
): string | undefined {
  const drawn = rows.flatMap((row) => dotOf(row, row.scores[key]));
  const dots = drawn.filter(({ family }) => family !== "baseline");
  if (dots.length < 2) return undefined;
  const domain = [Math.min(...drawn.map(({ low }) => low)) / 1.15, Math.max(...drawn.map(({ high }) => high)) * 1.15];
  const ticks = logTicks(domain[0], domain[1]);
  const lines = drawn.filter(({ family }) => family === "baseline");
  const color = ({ family }: SpreadDot): string => colorOf(family);
  return drawSvg(
    {
      width: 520,
      height: 52 + rowHeight * dots.length,
      marginLeft: 14 + letterWidth * Math.max(...dots.map(({ name }) => name.length)),
      marginRight: 14,
      marginTop: 26,
      marginBottom: 26,
      x: { type: "log", domain },
      y: { domain: dots.map(({ name }) => name), padding: 0.5 },
      color: { type: "identity" },
      marks: [
        Plot.gridX(ticks, { stroke: "var(--rule)" }),
        Plot.axisX(ticks, { tickSize: 0, text: formatLogTick, fill: "var(--soft)", label: null }),
        Plot.axisY({ tickSize: 0, label: null, fontSize: 10.5, fill: "var(--ink)" }),
        Plot.ruleX(lines, { x: "mean", stroke: "var(--soft)", strokeDasharray: "4 3" }),
        ...lines.map(baselineLabel),
        Plot.link(dots, {
          x1: "low",
          x2: "high",
          y1: "name",
          y2: "name",
          stroke: color,
          strokeWidth: 1.6,
          strokeOpacity: 0.6,
        }),
        Plot.dot(dots, { x: "mean", y: "name", r: 3.4, fill: color }),
      ],
    },
    `${title}: mean and standard deviation of ${dots.map(({ name }) => name).join(", ")}`,
  );
}

/** The name of a baseline above its line; labels stand one above the other, since lines may be close. */
const baselineLabel = (line: SpreadDot, i: number): Plot.Markish =>
  Plot.text([line], {
    x: "mean",
    text: "name",
    frameAnchor: "top",
    dy: -8 - 11 * i,
    fontSize: 9,
    fill: "var(--soft)",
  });

function dotOf({ name, family }: StudyRow, spread: StudyRow["scores"]["seconds"]): SpreadDot[] {
  if (!spread || !(spread.mean > 0 && spread.mean < Infinity)) return [];
  return [{ name, family, mean: spread.mean, ...errorBar(spread) }];
}
