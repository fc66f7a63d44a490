import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escapeHtml } from "./html.ts";

const { document } = parseHTML("<!doctype html><html><body></body></html>");

/** The parts of an SVG element that a drawing touches; the types of a browser are not at hand here. */
interface SvgElement {
  setAttribute(name: string, value: string): void;
  querySelector(selector: string): { remove(): void } | null;
  readonly outerHTML: string;
}

/**
 * Draws a plot as SVG text that can stand in a page or in a file of its own.
 *
 * @param label what the picture shows, for those who cannot see it
 */
export function drawSvg(options: Plot.PlotOptions, label: string): string {
  const svg = Plot.plot({ ...options, className: "plot", document: document as never }) as unknown as SvgElement;
  svg.querySelector("style")?.remove(); // the page has one style sheet
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", escapeHtml(label)); // the serialiser escapes quotes only
  return svg.outerHTML;
}

/** Pixel position of a value; the scale of an axis. */
export type Scale = (value: number) => number;

/**
 * A mark drawn by hand, for what would be thousands of elements: one path of the given outline. What leaves the frame
 * is cut off, since an inner svg element clips.
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

function element(tag: string, attributes: Readonly<Record<string, string | number>>) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** A pixel coordinate to a tenth: finer is invisible and makes the page heavy. */
export const pixel = (value: number): string => String(Math.round(value * 10) / 10);

/** Ticks that stand beside each other at most. */
const maxTicks = 12;

/** Leading digits of ticks, from few to many: an axis takes the first that gives it three. */
const tickDigits = [[1], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 8], Array.from({ length: 90 }, (_, i) => (10 + i) / 10)];

/**
 * Ticks for a logarithmic axis: powers of ten, thinned to about eight, and as many numbers between them as a short axis
 * needs.
 *
 * @source the 1–2–5 series
 */
export function logTicks(min: number, max: number): number[] {
  const [first, last] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  const every = Math.max(1, Math.ceil((last - first) / 8));
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((power) => power % every === 0);
  const ticksOf = (digits: readonly number[]): number[] => {
    const ticks = powers
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((tick) => tick >= min * 0.999 && tick <= max * 1.001);
    return ticks.filter((_, i) => i % Math.ceil(ticks.length / maxTicks) === 0);
  };
  const candidates = tickDigits.slice(max / min <= 300 ? 1 : 0).map(ticksOf);
  return candidates.find((ticks) => ticks.length >= 3) ?? candidates[candidates.length - 1];
}

/** A tick of a logarithmic axis: 0.02, 5, 10⁻⁴. */
export function formatLogTick(value: number): string {
  if (value >= 1e-3 && value < 1e5) return String(value);
  const power = Math.floor(Math.log10(value) + 1e-9);
  const digit = Number((value / 10 ** power).toPrecision(2));
  const exponent = [...String(power)].map((character) => superscripts[character]).join("");
  return `${digit === 1 ? "" : `${digit}·`}10${exponent}`;
}

const superscripts: Record<string, string> = Object.fromEntries(
  [..."-0123456789"].map((c, i) => [c, "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"[i]]),
);
