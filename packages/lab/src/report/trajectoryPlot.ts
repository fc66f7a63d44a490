import type * as Plot from "@observablehq/plot";
import type { PointSet } from "@pushforward/training";
import { drawSvg, pathMark, pixel, type Scale } from "./drawSvg.ts";
import type { TrajectoryPanel } from "./report.ts";
import { planeMarks, planeOptions } from "./scatter.ts";
import { checkPlane, type View } from "./view.ts";

/** A one-step map as arrows from noise to samples, below the paths of the teacher as thin lines. */
export function drawTrajectories(panel: TrajectoryPanel, color: string, view: View): string {
  const { name, paths, arrows } = panel;
  for (const points of [...paths, ...(arrows ? [arrows.from, arrows.to] : [])]) checkPlane(points, "trajectories");
  const curves = line("var(--teacher)", arrows ? 0.8 : 0.9, (x, y) =>
    paths.map((path) => polyline(path, x, y)).join(""),
  );
  const marks = [curves, dots(starts(paths), "var(--soft)", 1), dots(ends(paths), "var(--data)", 1.7)];
  if (arrows) {
    marks.unshift(
      line(color, 0.6, (x, y) => eachRow(arrows.from, arrows.to, (a, b) => arrow(x(a[0]), y(a[1]), x(b[0]), y(b[1])))),
    );
    marks.push(dots(arrows.to, color, 1.7));
  }
  return drawSvg({ ...planeOptions(view), marks: [...planeMarks(), ...marks] }, `Trajectories: ${name}`);
}

const line = (color: string, opacity: number, outline: (x: Scale, y: Scale) => string): Plot.RenderFunction =>
  pathMark(
    { stroke: color, "stroke-width": 0.9, "stroke-opacity": opacity, "stroke-linejoin": "round", fill: "none" },
    outline,
  );

function polyline({ values }: PointSet, x: Scale, y: Scale): string {
  let outline = "";
  for (let i = 0; i < values.length; i += 2) {
    outline += `${i === 0 ? "M" : "L"}${pixel(x(values[i]))} ${pixel(y(values[i + 1]))}`;
  }
  return outline;
}

/** A straight line with an open head of 4 pixels; a line of at most 5 pixels has no head. */
function arrow(x1: number, y1: number, x2: number, y2: number): string {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const line = `M${pixel(x1)} ${pixel(y1)}L${pixel(x2)} ${pixel(y2)}`;
  if (!(length > 5)) return line;
  const [dx, dy] = [(4 * (x2 - x1)) / length, (4 * (y2 - y1)) / length];
  const barb = (side: number): string => `${pixel(x2 - dx + 0.5 * side * dy)} ${pixel(y2 - dy - 0.5 * side * dx)}`;
  return `${line}M${barb(1)}L${pixel(x2)} ${pixel(y2)}L${barb(-1)}`;
}

const dots = (points: PointSet, color: string, radius: number): Plot.RenderFunction =>
  pathMark({ stroke: color, "stroke-width": 2 * radius, "stroke-linecap": "round", fill: "none" }, (x, y) =>
    eachRow(points, points, (a) => `M${pixel(x(a[0]))} ${pixel(y(a[1]))}h0`),
  );

type Point = readonly [number, number];

function eachRow(from: PointSet, to: PointSet, draw: (from: Point, to: Point) => string): string {
  let outline = "";
  for (let i = 0; i < Math.min(from.values.length, to.values.length); i += 2) {
    const row: [Point, Point] = [
      [from.values[i], from.values[i + 1]],
      [to.values[i], to.values[i + 1]],
    ];
    if (row.flat().every(Number.isFinite)) outline += draw(...row);
  }
  return outline;
}

const starts = (paths: readonly PointSet[]): PointSet => ({
  values: paths.flatMap(({ values }) => [values[0], values[1]]),
  dim: 2,
});

const ends = (paths: readonly PointSet[]): PointSet => ({
  values: paths.flatMap(({ values }) => [values[values.length - 2], values[values.length - 1]]),
  dim: 2,
});
