import { DomainError } from "@pushforward/tensor";
import { colorVariables } from "@pushforward/training";
import { escapeHtml } from "./html.ts";
import { type Palette, paletteFor } from "./palette.ts";
import type { SamplePanel } from "./report.ts";
import { viewOf } from "./view.ts";

/** Settings of {@link plotSamples}. */
export interface PlotSamplesOptions {
  /** Side of one panel, in pixels. Default 220. */
  readonly size?: number;
  /** Panels per row. Default: all in one row. */
  readonly columns?: number;
}

/**
 * Scatter plots side by side as one SVG file, on a white card so that it is readable on any page.
 *
 * @param panels samples to draw: the first set decides the part of the plane, and is grey; the others have colours
 * @throws ShapeError unless all points are [n, 2], DomainError if there is no panel
 */
export async function plotSamples(panels: readonly SamplePanel[], options: PlotSamplesOptions = {}): Promise<string> {
  if (panels.length === 0) throw new DomainError("plotSamples: at least one panel is needed, got none");
  const { drawScatter } = await import("./scatter.ts"); // the plotting libraries are loaded with the first plot
  const { size = 220, columns = panels.length } = options;
  const view = viewOf([panels[0].points], size);
  const palette: Palette = paletteFor(panels.slice(1).map(({ name }) => ({ name, kind: "loss" })));
  const [cell, line, gap] = [size + 14, view.height + 30, 10];
  const width = 2 * gap + Math.min(columns, panels.length) * cell;
  const height = 2 * gap + Math.ceil(panels.length / columns) * line;
  const cells = panels.map(({ name, points }, i) => {
    const [x, y] = [gap + (i % columns) * cell, gap + Math.floor(i / columns) * line];
    const title = `<text x="${size / 2 + 11}" y="16" text-anchor="middle" font-size="14" font-weight="600" fill="var(--ink)">${escapeHtml(name)}</text>`;
    const picture = drawScatter(name, points, palette(name), view).replace("<svg ", '<svg y="24" ');
    return `<g transform="translate(${x},${y})">${title}${picture}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" role="img" aria-label="${escapeHtml(`Samples: ${panels.map(({ name }) => name).join(", ")}`)}">
<style>svg { ${colorVariables("light")} }</style>
<rect width="100%" height="100%" rx="10" fill="var(--paper)"/>
${cells.join("\n")}
</svg>
`;
}
