import * as Plot from "@observablehq/plot";
import { drawSvg } from "../drawSvg.ts";
import { formatLogTick, logTicks } from "../logTicks.ts";
import { momentAxis, momentNote } from "./momentFrame.ts";

/** Singular values of a map over t − s, from the largest of all points to the smallest. */
export interface FanPoint {
  readonly span: number;
  readonly top: number;
  readonly largest: number;
  readonly smallest: number;
  readonly bottom: number;
}

/**
 * Singular values over t − s: bands between the extremes of all points and between the means, and a line at 1.
 *
 * @param note text at the top
 */
export function drawFan(
  points: readonly FanPoint[],
  domain: readonly [number, number],
  color: string,
  note: string,
  label: string,
): string {
  const bound = (value: number): number =>
    Number.isNaN(value) ? value : Math.max(domain[0], Math.min(domain[1], value));
  const ticks = logTicks(...domain);
  const band = (low: keyof FanPoint, high: keyof FanPoint): Plot.Markish =>
    Plot.areaY(points, {
      ...{ x: "span", y1: (p: FanPoint) => bound(p[low]), y2: (p: FanPoint) => bound(p[high]) },
      ...{ fill: color, fillOpacity: 0.16 },
    });
  const line = (of: keyof FanPoint, dashes?: string): Plot.Markish =>
    Plot.lineY(points, {
      x: "span",
      y: (p: FanPoint) => bound(p[of]),
      stroke: color,
      strokeWidth: 1.6,
      strokeDasharray: dashes,
    });
  return drawSvg(
    {
      ...{ width: 170, height: 172, marginLeft: 30, marginRight: 8, marginTop: 20, marginBottom: 24 },
      x: { domain: [0, 1], label: null },
      y: { type: "log", domain: [...domain], label: null },
      marks: [
        Plot.gridY(ticks, { stroke: "var(--rule)", strokeOpacity: 0.8 }),
        Plot.ruleY([1], { stroke: "var(--soft)", strokeWidth: 1 }),
        band("bottom", "top"),
        band("smallest", "largest"),
        line("largest"),
        line("smallest", "5 3"),
        Plot.axisX([0, 0.5, 1], { ...momentAxis, text: (value: number) => (value === 0.5 ? "t − s" : String(value)) }),
        Plot.axisY(ticks, { ...momentAxis, text: formatLogTick }),
        momentNote(note, -13),
      ],
    },
    label,
  );
}
