import { Graph, layout } from "@dagrejs/dagre";
import type { GraphBox, GraphEdge, ProgramGraph } from "./programGraph.ts";

/** Letters have one width, so that the width of a text is known without drawing it; in pixels. */
export const letter = { width: 7.25, height: 16, size: 12 } as const;

/** Room inside a box, left and right, above and below. */
const padding = { x: 12, y: 8 } as const;

/** Room for the scissors in front of a label. */
export const scissorsWidth = 24;

/** Distance of everything from the border. */
const margin = 12;

/** A point of the drawing in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A box with its place: x and y of the upper left corner. */
export interface PlacedBox extends Point {
  readonly box: GraphBox;
  readonly width: number;
  readonly height: number;
}

/** An arrow with the points that it passes; it is vertical at each of them. */
export interface PlacedEdge {
  readonly edge: GraphEdge;
  readonly points: readonly Point[];
}

/** The places of all boxes and arrows of a drawing. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly edges: readonly PlacedEdge[];
}

/** Width of a text; marks above a letter have none. */
export const textWidth = (text: string): number => [...text.replaceAll(/\p{M}/gu, "")].length * letter.width;

/** The lines of text of a box. */
export const textOf = ({ title, lines }: GraphBox): string[] => [...(title === undefined ? [] : [title]), ...lines];

function sizeOfBox(box: GraphBox): { width: number; height: number } {
  const lines = textOf(box);
  const text = Math.max(...lines.map(textWidth));
  const width = text + 2 * padding.x + (box.kind === "cut" ? scissorsWidth : 0);
  return { width: Math.ceil(width), height: lines.length * letter.height + 2 * padding.y };
}

/** Top and bottom of a row of boxes. */
interface Band {
  readonly top: number;
  readonly bottom: number;
}

/**
 * Places boxes in layers, sources above. Between the layers arrows bend, beside a box they are vertical, so that no arrow crosses a box.
 *
 * @source Gansner et al. 1993, A technique for drawing directed graphs (as implemented by dagre)
 */
export function layoutGraph({ boxes, edges }: ProgramGraph): GraphLayout {
  const graph = new Graph();
  graph.setGraph({ rankdir: "TB", nodesep: 28, edgesep: 14, ranksep: 40, marginx: margin, marginy: margin });
  for (const box of boxes) graph.setNode(box.id, sizeOfBox(box));
  for (const { from, to } of edges) graph.setEdge(from, to, {});
  layout(graph);
  const placed = boxes.map((box): PlacedBox => {
    const {
      x = 0,
      y = 0,
      width,
      height,
    } = graph.node(box.id) as { x?: number; y?: number; width: number; height: number };
    return { box, x: x - width / 2, y: y - height / 2, width, height };
  });
  const inner = edges.map(({ from, to }) => (graph.edge(from, to) as { points: Point[] }).points.slice(1, -1));
  return withMargins(placed, placeEdges(edges, placed, inner));
}

/** The drawing moved so that its leftmost and uppermost parts, arrows included, stand at the margin. */
function withMargins(boxes: readonly PlacedBox[], edges: readonly PlacedEdge[]): GraphLayout {
  const points = edges.flatMap((edge) => edge.points);
  const xs = [...boxes.flatMap(({ x, width }) => [x, x + width]), ...points.map(({ x }) => x)];
  const ys = [...boxes.flatMap(({ y, height }) => [y, y + height]), ...points.map(({ y }) => y)];
  const [left, top] = [Math.min(margin, ...xs) - margin, Math.min(margin, ...ys) - margin];
  const moved = <P extends Point>(point: P): P => ({ ...point, x: point.x - left, y: point.y - top });
  return {
    width: Math.max(0, ...xs) - left + margin,
    height: Math.max(0, ...ys) - top + margin,
    boxes: boxes.map(moved),
    edges: edges.map((edge) => ({ ...edge, points: edge.points.map(moved) })),
  };
}

/** Rows of boxes from top to bottom: boxes that stand side by side. */
function bandsOf(boxes: readonly PlacedBox[]): Band[] {
  const bands: { top: number; bottom: number }[] = [];
  for (const { y, height } of [...boxes].sort((a, b) => a.y + a.height / 2 - b.y - b.height / 2)) {
    const last = bands[bands.length - 1];
    if (last && y < last.bottom) {
      last.top = Math.min(last.top, y);
      last.bottom = Math.max(last.bottom, y + height);
    } else bands.push({ top: y, bottom: y + height });
  }
  return bands;
}

/** The arrows: from the lower side of a box through the rows between to the upper side of another one. */
function placeEdges(
  edges: readonly GraphEdge[],
  boxes: readonly PlacedBox[],
  inner: readonly (readonly Point[])[],
): PlacedEdge[] {
  const bands = bandsOf(boxes);
  const boxOf = new Map(boxes.map((placed) => [placed.box.id, placed]));
  const middle = ({ x, width }: PlacedBox): number => x + width / 2;
  const starts = portsOf(edges, boxOf, "from", (i) => inner[i][0]?.x ?? middle(boxOf.get(edges[i].to)!));
  const ends = portsOf(edges, boxOf, "to", (i) => inner[i].at(-1)?.x ?? middle(boxOf.get(edges[i].from)!));
  return edges.map((edge, i): PlacedEdge => {
    const [source, target] = [boxOf.get(edge.from)!, boxOf.get(edge.to)!];
    const [top, bottom] = [source.y + source.height, target.y];
    const between = bands.filter((band) => band.top > top && band.bottom < bottom);
    const own = (y: number): Band | undefined => bands.find((band) => band.top <= y && y <= band.bottom);
    const passing = between.flatMap((band) => {
      const x = nearest(inner[i], (band.top + band.bottom) / 2)?.x ?? starts[i];
      return [
        { x, y: band.top },
        { x, y: band.bottom },
      ];
    });
    const points = [
      { x: starts[i], y: top },
      { x: starts[i], y: own(top)?.bottom ?? top },
      ...passing,
      { x: ends[i], y: own(bottom)?.top ?? bottom },
      { x: ends[i], y: bottom },
    ];
    return { edge, points };
  });
}

/** The point at the height closest to y. */
const nearest = (points: readonly Point[], y: number): Point | undefined =>
  [...points].sort((a, b) => Math.abs(a.y - y) - Math.abs(b.y - y))[0];

/** Where the arrows of a box begin or end, side by side in the order of their other ends. */
function portsOf(
  edges: readonly GraphEdge[],
  boxes: ReadonlyMap<string, PlacedBox>,
  end: "from" | "to",
  otherEnd: (edge: number) => number,
): number[] {
  const ports = new Array<number>(edges.length).fill(0);
  for (const [id, { x, width }] of boxes) {
    const own = edges.flatMap((edge, i) => (edge[end] === id ? [i] : [])).sort((a, b) => otherEnd(a) - otherEnd(b));
    const gap = Math.min(18, (width - 16) / Math.max(1, own.length));
    own.forEach((edge, i) => {
      ports[edge] = x + width / 2 + (i - (own.length - 1) / 2) * gap;
    });
  }
  return ports;
}

/** A coordinate with one decimal. */
export const px = (x: number): string => String(Math.round(x * 10) / 10);

/** Length of an arrow's head. */
const headLength = 7;

/** A curve through points that is vertical at each of them. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  let [at, path] = [first, `M${px(first.x)} ${px(first.y)}`];
  for (const to of rest) {
    const middle = px((at.y + to.y) / 2);
    if (at.x === to.x) path += `V${px(to.y)}`;
    else path += `C${px(at.x)} ${middle} ${px(to.x)} ${middle} ${px(to.x)} ${px(to.y)}`;
    at = to;
  }
  return path;
}

/** The line and the head of an arrow as paths of SVG. */
export function arrowPath(points: readonly Point[]): { readonly line: string; readonly head: string } {
  const tip = points[points.length - 1];
  return {
    line: curve([...points.slice(0, -1), { x: tip.x, y: tip.y - headLength }]),
    head: `M${px(tip.x)} ${px(tip.y)}l-3.5 -${headLength}h7z`,
  };
}
