import { mustBe, optionsOf, type Program } from "@pushforward/tensor";
import type { EquationPart } from "./equationPart.ts";
import {
  arrowPath,
  type GraphLayout,
  layoutGraph,
  letter,
  type PlacedBox,
  type PlacedEdge,
  type Point,
  px,
  scissorsWidth,
  textOf,
  textWidth,
} from "./layoutGraph.ts";
import { type ProgramGraph, type ProgramGraphOptions, programGraph } from "./programGraph.ts";

/** Options of programToSvg. */
export interface ProgramSvgOptions extends ProgramGraphOptions {
  /** Accessible name of the drawing. */
  readonly title?: string;
}

/** Colours as [light, dark] paper. */
const colors = {
  paper: ["#ffffff", "#14171c"],
  ink: ["#1c2128", "#e6e9ee"],
  soft: ["#5c6672", "#9aa5b3"],
  primal: ["#5c6672", "#9aa5b3"],
  tangent: ["#2f62c9", "#7aa5ff"],
  cotangent: ["#b3293b", "#ff8490"],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>;

/** Line styles, which tell the parts apart without colours. */
const dashes: Readonly<Record<EquationPart, string>> = {
  primal: "none",
  tangent: "7 3",
  cotangent: "1.5 3",
  cut: "none",
};

const variables = (paper: 0 | 1): string =>
  Object.entries(colors)
    .map(([name, pair]) => `--pg-${name}:${pair[paper]}`)
    .join(";");

const partStyle = (part: EquationPart): string =>
  `.pg .${part}{stroke:var(--pg-${part});stroke-dasharray:${dashes[part]}} .pg .${part}-ink{fill:var(--pg-${part})}`;

const styleSheet = [
  `.pg{${variables(0)};background:var(--pg-paper);font:${letter.size}px ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",Consolas,monospace}`,
  `@media(prefers-color-scheme:dark){.pg{${variables(1)}}}`,
  ".pg text{fill:var(--pg-ink);white-space:pre} .pg .name{font-weight:700}",
  ".pg rect{fill:var(--pg-paper);stroke-width:1.5} .pg path{fill:none;stroke-width:1.25} .pg .end{stroke:none;fill:none} .pg .head{stroke:none}",
  ".pg .cut{stroke:var(--pg-ink)} .pg .cut-frame{fill:none;stroke:none} .pg .plain{stroke:var(--pg-soft)}",
  ...(["primal", "tangent", "cotangent"] as const).map(partStyle),
].join("\n");

/** Text inside of an element. */
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** A text of exactly its measured width, in any font. */
const textElement = (text: string, { x, y }: Point, name = ""): string =>
  `<text x="${px(x)}" y="${px(y)}" textLength="${px(textWidth(text))}" lengthAdjust="spacingAndGlyphs"${name ? ` class="${name}"` : ""}>${escaped(text)}</text>`;

/** Scissors that open to the right: two blades and two rings. */
const scissors = ({ x, y }: Point): string =>
  `<path class="cut" d="M${px(x + 5)} ${px(y - 3)}L${px(x + 19)} ${px(y + 4)}M${px(x + 5)} ${px(y + 3)}L${px(x + 19)} ${px(y - 4)}"/>` +
  [-4.5, 4.5]
    .map((dy) => `<circle class="cut" fill="none" stroke-width="1.25" cx="${px(x + 3)}" cy="${px(y + dy)}" r="2.6"/>`)
    .join("");

/** Shape of a box: inputs and results are round, equations are angular, stop-gradients have scissors instead of a frame. */
function boxElement({ box, x, y, width, height }: PlacedBox): string {
  const { kind, part, title } = box;
  const round = kind === "input" || kind === "result" ? height / 2 : 3;
  const frame = kind === "equations" ? part : kind === "cut" ? "cut-frame" : "plain";
  const indent = kind === "cut" ? scissorsWidth : 0;
  const lines = textOf(box).map((text, i) => {
    const isName = title !== undefined && i === 0;
    const at = { x: x + (width + indent - textWidth(text)) / 2, y: y + 8 + letter.height * (i + 0.75) };
    return textElement(text, at, isName ? "name" : "");
  });
  return [
    `<g><title>${escaped(box.details.join("\n"))}</title>`,
    `<rect class="${frame}" x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="${px(round)}"/>`,
    ...(kind === "cut" ? [scissors({ x: x + 8, y: y + height / 2 })] : []),
    ...lines,
    "</g>",
  ].join("");
}

function edgeElement({ edge, points }: PlacedEdge): string {
  const { line, head } = arrowPath(points);
  return `<g><title>${escaped(edge.details.join("\n"))}</title><path class="${edge.part}" d="${line}"/><path class="head ${edge.part}-ink" d="${head}"/></g>`;
}

/** The meaning of the line styles; only those that occur. */
const partWords: Readonly<Record<EquationPart, string>> = {
  primal: "value",
  tangent: "tangent",
  cotangent: "cotangent",
  cut: "stop-gradient",
};

/** Width of a sample in the legend. */
const sample = 34;

function legend(parts: readonly EquationPart[], left: number, y: number): { text: string; width: number } {
  let x = left;
  const entries = parts.map((part) => {
    const words = partWords[part];
    const mark =
      part === "cut" ? scissors({ x: x + 6, y }) : `<path class="${part}" d="M${px(x)} ${px(y)}h${sample - 8}"/>`;
    const entry = mark + textElement(words, { x: x + sample, y: y + 4 });
    x += sample + textWidth(words) + 20;
    return entry;
  });
  return { text: `<g>${entries.join("")}</g>`, width: x - left - 20 };
}

/** The drawing in words. */
function describe({ boxes }: ProgramGraph): string {
  const count = (part: EquationPart): number =>
    boxes.filter((box) => box.kind !== "input" && box.kind !== "result" && box.part === part).length;
  const named = (kind: string): string => boxes.flatMap((box) => (box.kind === kind ? box.lines : [])).join(", ");
  const cuts = boxes.flatMap(({ kind, title }) => (kind === "cut" && title !== undefined ? [title] : []));
  return [
    `From ${named("input") || "constants"} to ${named("result")}: ${count("primal")} boxes of values, ${count("tangent")} of tangents, ${count("cotangent")} of cotangents.`,
    cuts.length > 0 ? `Stop-gradients: ${cuts.join(", ")}.` : "No stop-gradient.",
  ].join(" ");
}

/**
 * A program as a drawing in layers, an SVG without scripts: values grey and solid, tangents blue and dashed, cotangents red and dotted,
 * stop-gradients as scissors. Types of all values are shown on hover.
 *
 * @throws DomainError if `expand` names neither a group nor a stop-gradient
 */
export function programToSvg(program: Program, options: ProgramSvgOptions = {}): string {
  const { title = "Program", ...rest } = optionsOf("programToSvg", options);
  mustBe("programToSvg", "title", title, "text");
  const graph = programGraph(program, rest);
  return svgOf(title, graph, layoutGraph(graph));
}

function svgOf(title: string, graph: ProgramGraph, { width, height, boxes, edges }: GraphLayout): string {
  const parts = (["primal", "tangent", "cotangent", "cut"] as const).filter((part) =>
    graph.boxes.some((box) => box.part === part),
  );
  const key = legend(parts, 16, height + 14);
  const [w, h] = [Math.ceil(Math.max(width, key.width + 32)), Math.ceil(height + 32)];
  const shift = (w - width) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="pg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title><desc>${escaped(describe(graph))}</desc>`,
    `<style>${styleSheet}</style>`,
    `<rect width="${w}" height="${h}" stroke="none"/>`,
    `<g${shift > 0 ? ` transform="translate(${px(shift)} 0)"` : ""}>`,
    ...edges.map(edgeElement),
    ...boxes.map(boxElement),
    "</g>",
    key.text,
    "</svg>\n",
  ].join("\n");
}
