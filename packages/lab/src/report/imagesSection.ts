import { type Html, html } from "./html.ts";
import { drawImageGrid } from "./imageGrid.ts";
import type { Palette } from "./palette.ts";
import { pngAddress } from "./png.ts";
import { type ImagePanel, type Report, solvedColumn } from "./report.ts";
import { grid, plotCard, seedWords } from "./sections.ts";

/** Held-out pictures beside the pictures that each map generates, and the same noise in more and more evaluations. */
export function imagesSection(
  { images = [], imageSteps = [], drawnSeed }: Pick<Report, "images" | "imageSteps" | "drawnSeed">,
  palette: Palette,
): Html | undefined {
  if (images.length === 0) return undefined;
  const cards = (panels: readonly ImagePanel[]): Html[] =>
    panels.map((panel) => plotCard(panel.name, palette(panel.name), pictureGrid(panel)));
  return html`<section><h2>Pictures</h2>
<p class="soft">Held-out pictures, and samples of each map in one step; samples of a teacher are solutions of its ODE.${rowWords(images[0])}${seedWords(drawnSeed)}</p>
${grid(cards(images), [2, 3], 320)}
${
  imageSteps.length > 0 &&
  html`<h3>Samples by number of evaluations</h3>
<p class="soft">The samples of a row start from the same noise${imageSteps[0].rows && " and have the same class"}. A column shows a number of evaluations of the network.${solvedWords(imageSteps)}</p>
${grid(cards(imageSteps), [2, 4], 250)}`
}</section>`;
}

const rowWords = ({ rows }: ImagePanel): string => (rows ? ` A row for each class: ${rows.join(", ")}.` : "");

/** The meaning of the last column, where it solves an ODE. */
const solvedWords = ([{ columns }]: readonly ImagePanel[]): string =>
  columns?.includes(solvedColumn) ? ` ${solvedColumn}: the solution of the teacher's ODE from the same noise.` : "";

/** Pictures with the names of their rows and columns around them. */
function pictureGrid(panel: ImagePanel): Html {
  const { rows, columns, range, channels } = panel;
  const bitmap = drawImageGrid(panel.pixels, panel, { columns: columns?.length ?? 10 });
  const { width, height } = bitmap;
  const isInk = channels === 1 && range[0] < range[1];
  const names = (kind: string, texts: readonly string[] | undefined): Html | undefined =>
    texts &&
    html`<div class="${kind}" aria-hidden="true">${texts.map((text) => html`<span title="${text}">${text}</span>`)}</div>`;
  return html`<div class="pictures">${names("columns", columns)}${names("rows", rows)}<img class="${isInk ? "pixels ink" : "pixels"}" src="${pngAddress(bitmap)}" width="${width}" height="${height}" alt="${altText(panel)}"></div>`;
}

/** The content of a grid for readers who do not see it. */
const altText = ({ name, rows, columns }: ImagePanel): string =>
  [
    `Pictures: ${name}`,
    ...(rows ? [`a row for each class: ${rows.join(", ")}`] : []),
    ...(columns ? [`columns by evaluations: ${columns.join(", ")}`] : []),
  ].join("; ");
