import * as Plot from "@observablehq/plot";
import type { PointSet } from "@pushforward/training";
import { drawSvg, pathMark, pixel } from "./drawSvg.ts";
import { checkPlane, countOutside, margins, type View } from "./view.ts";

/** Layers of half-transparent dots: in dense regions layers overlap and the colour deepens. */
const layers = 10;

/**
 * Points as translucent dots.
 *
 * @param color any CSS colour
 */
export function drawScatter(name: string, points: PointSet, color: string, view: View): string {
  checkPlane(points, "scatter");
  const count = points.values.length / 2 - countOutside(points, view);
  const radius = count > 3000 ? 1 : count > 600 ? 1.3 : 2;
  const dots = Array.from({ length: layers }, (_, layer) =>
    pathMark(
      { stroke: color, "stroke-width": 2 * radius, "stroke-linecap": "round", "stroke-opacity": 0.55, fill: "none" },
      (x, y) => dotOutline(points, view, layer, x, y),
    ),
  );
  return drawSvg({ ...planeOptions(view), marks: [...planeMarks(), ...dots] }, `Scatter plot: ${name}`);
}

/** Dots as lines of length zero with round ends: a dozen characters each, where an element would take a hundred. */
function dotOutline(
  points: PointSet,
  view: View,
  layer: number,
  x: (v: number) => number,
  y: (v: number) => number,
): string {
  let outline = "";
  for (let i = 2 * layer; i < points.values.length; i += 2 * layers) {
    const [px, py] = [points.values[i], points.values[i + 1]];
    if (px >= view.x[0] && px <= view.x[1] && py >= view.y[0] && py <= view.y[1])
      outline += `M${pixel(x(px))} ${pixel(y(py))}h0`;
  }
  return outline;
}

/** Size and axes of a small plot of the plane. */
export const planeOptions = (view: View): Plot.PlotOptions => ({
  width: view.width,
  height: view.height,
  ...margins,
  x: { domain: view.x, label: null, ticks: 4 },
  y: { domain: view.y, label: null, ticks: 4 },
});

/** Grid and frame of a small plot of the plane. */
export const planeMarks = (): Plot.Markish[] => [
  Plot.gridX({ ticks: 4, stroke: "var(--rule)", strokeOpacity: 0.7 }),
  Plot.gridY({ ticks: 4, stroke: "var(--rule)", strokeOpacity: 0.7 }),
  Plot.axisX({ ticks: 4, tickSize: 0, label: null, fill: "var(--soft)", fontSize: 9 }),
  Plot.axisY({ ticks: 4, tickSize: 0, label: null, fill: "var(--soft)", fontSize: 9 }),
  Plot.frame({ stroke: "var(--rule)" }),
];
