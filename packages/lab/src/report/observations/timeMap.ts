import * as Plot from "@observablehq/plot";
import { type HeatScale, timeCells } from "@pushforward/training";
import { drawSvg, imageMark, pathMark, pixel } from "../drawSvg.ts";
import { formatLogTick, logTicks } from "../logTicks.ts";
import { barPicture, heatPicture } from "./heatScale.ts";
import { momentAxis, momentNote } from "./momentFrame.ts";

/** Rows of a map in the order of pictures: s grows upwards. */
export const fromTop = (cells: readonly number[]): number[] =>
  Array.from({ length: timeCells }, (_, i) => timeCells - 1 - i).flatMap((row) =>
    cells.slice(row * timeCells, (row + 1) * timeCells),
  );

/** The address of a map as a picture without axes. */
export const mapPicture = (scale: HeatScale, cells: readonly number[]): string =>
  heatPicture(scale, fromTop(cells), timeCells);

/** Ticks of both times. */
const ticks = [0, 0.5, 1];

/**
 * A map over the times 0 ≤ s ≤ t ≤ 1: t to the right, s upwards.
 *
 * @param note text in the empty corner
 */
export function drawTimeMap(scale: HeatScale, cells: readonly number[], note: string, label: string): string {
  return drawSvg(
    {
      ...{ width: 170, height: 168, marginLeft: 20, marginRight: 8, marginTop: 8, marginBottom: 24 },
      x: { domain: [0, 1], label: null },
      y: { domain: [0, 1], label: null },
      marks: [
        imageMark(mapPicture(scale, cells)),
        pathMark({ stroke: "var(--soft)", "stroke-width": 0.8, fill: "none" }, stairs),
        Plot.axisX(ticks, { ...momentAxis, text: (value: number) => (value === 0.5 ? "t" : String(value)) }),
        Plot.axisY(ticks, { ...momentAxis, text: (value: number) => (value === 0.5 ? "s" : String(value)) }),
        momentNote(note),
      ],
    },
    label,
  );
}

/** The outline of the cells with s ≤ t. */
function stairs(x: (v: number) => number, y: (v: number) => number): string {
  const steps = Array.from({ length: timeCells }, (_, i) => {
    const [from, to] = [i / timeCells, (i + 1) / timeCells];
    return `V${pixel(y(to))}H${pixel(x(to))}`.replace(/^V/, i === 0 ? `M${pixel(x(from))} ${pixel(y(0))}V` : "V");
  });
  return `${steps.join("")}V${pixel(y(0))}Z`;
}

/** The colours of a scale with numbers. */
export function drawColorBar(scale: HeatScale, label: string): string {
  const [low, high] = scale.domain;
  return drawSvg(
    {
      ...{ width: 330, height: 34, marginLeft: 16, marginRight: 16, marginTop: 4, marginBottom: 18 },
      x: { type: "log", domain: scale.domain, label: null },
      marks: [
        imageMark(barPicture()),
        Plot.axisX(thinned(logTicks(low, high)), {
          tickSize: 3,
          text: formatLogTick,
          fill: "var(--soft)",
          stroke: "var(--soft)",
          label: null,
        }),
      ],
    },
    label,
  );
}

/** Most numbers below the colours. */
const mostNumbers = 7;

const thinned = (all: readonly number[]): number[] =>
  all.filter((_, i) => i % Math.ceil(all.length / mostNumbers) === 0);
