import * as Plot from "@observablehq/plot";
import { drawSvg, formatLogTick, logTicks } from "./figure.ts";
import type { ResultColumn } from "./resultColumns.ts";
import type { StudyRow } from "./study.ts";

/** A row that has a figure, in numbers that a logarithmic axis can show. */
interface Drawn {
  readonly name: string;
  readonly family: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Pixels of a row, and of a letter of a name. */
const [rowHeight, letter] = [17, 6.3];

/** An error bar that reaches below zero ends this much below the mean. */
const shortest = 10;

/**
 * One figure of a study: a row of dots on a logarithmic axis with the standard deviation between seeds; what the losses are
 * compared with are dashed lines. Undefined if fewer than two rows have the figure.
 *
 * @param colorOf CSS colour of a family
 */
export function drawSpreads(
  rows: readonly StudyRow[],
  { key, title }: ResultColumn,
  colorOf: (family: string) => string,
): string | undefined {
  const drawn = rows.flatMap((row) => drawnOf(row, row.scores[key]));
  const dots = drawn.filter(({ family }) => family !== "baseline");
  if (dots.length < 2) return undefined;
  const domain = [Math.min(...drawn.map(({ low }) => low)) / 1.15, Math.max(...drawn.map(({ high }) => high)) * 1.15];
  const ticks = logTicks(domain[0], domain[1]);
  const lines = drawn.filter(({ family }) => family === "baseline");
  const color = ({ family }: Drawn): string => colorOf(family);
  return drawSvg(
    {
      width: 520,
      height: 52 + rowHeight * dots.length,
      marginLeft: 14 + letter * Math.max(...dots.map(({ name }) => name.length)),
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
        // One above the other, since they may be close to each other.
        ...lines.map((line, i) =>
          Plot.text([line], {
            x: "mean",
            text: "name",
            frameAnchor: "top",
            dy: -8 - 11 * i,
            fontSize: 9,
            fill: "var(--soft)",
          }),
        ),
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

function drawnOf({ name, family }: StudyRow, spread: StudyRow["scores"]["seconds"]): Drawn[] {
  if (!spread || !(spread.mean > 0 && spread.mean < Infinity)) return [];
  const { mean, deviation } = spread;
  return [{ name, family, mean, low: Math.max(mean - deviation, mean / shortest), high: mean + deviation }];
}
