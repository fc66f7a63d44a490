import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escapeHtml } from "./html.ts";

const { document } = parseHTML("<!doctype html><html><body></body></html>");

/** The members of an SVG element that are used here; the types of browsers are not available in Node. */
interface SvgElement {
  setAttribute(name: string, value: string): void;
  querySelector(selector: string): { remove(): void } | null;
  readonly outerHTML: string;
}

/**
 * A plot as SVG text, for a page or for a file of its own.
 *
 * @param label description of the plot for screen readers
 */
export function drawSvg(options: Plot.PlotOptions, label: string): string {
  const svg = Plot.plot({ ...options, className: "plot", document: document as never }) as unknown as SvgElement;
  svg.querySelector("style")?.remove(); // the page has one style sheet
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", escapeHtml(label)); // the serialiser escapes quotes only
  return svg.outerHTML;
}

/** The scale of an axis: from a value to its position in pixels. */
export type Scale = (value: number) => number;

/**
 * A mark of Observable Plot that draws one path with the given outline, where a built-in mark would make thousands of elements. The
 * path is clipped at the frame by an inner svg element.
 *
 * @param outline makes the path from the scales of both axes
 */
export function pathMark(
  attributes: Readonly<Record<string, string | number>>,
  outline: (x: Scale, y: Scale) => string,
): Plot.RenderFunction {
  return (_index, scales, _values, frame) => {
    const [left, top] = [frame.marginLeft, frame.marginTop];
    const [width, height] = [frame.width - left - frame.marginRight, frame.height - top - frame.marginBottom];
    const d = outline(scales.x as Scale, scales.y as Scale);
    const path = element("path", { ...attributes, d });
    const clip = element("svg", { x: left, y: top, width, height, viewBox: `${left} ${top} ${width} ${height}` });
    clip.appendChild(path);
    return clip as never;
  };
}

/** A mark of Observable Plot that draws a picture over the whole frame, its pixels without smoothing. */
export function imageMark(address: string): Plot.RenderFunction {
  return (_index, _scales, _values, frame) => {
    const { marginLeft: x, marginTop: y } = frame;
    const size = { width: frame.width - x - frame.marginRight, height: frame.height - y - frame.marginBottom };
    const attributes = { class: "heat", x, y, ...size, href: address, preserveAspectRatio: "none" };
    return element("image", attributes) as never;
  };
}

function element(tag: string, attributes: Readonly<Record<string, string | number>>) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** A pixel coordinate rounded to a tenth: finer steps are invisible, and make the page larger. */
export const pixel = (value: number): string => String(Math.round(value * 10) / 10);
