import { countPoints } from "@pushforward/training";
import { drawCurves } from "./curves.ts";
import { formulaLines } from "./formula.ts";
import { Html, html } from "./html.ts";
import { directionSentence, metricsOf, unitsSentence } from "./metricSentences.ts";
import type { Palette } from "./palette.ts";
import type {
  CurvePanel,
  Formula,
  ProblemDescription,
  Report,
  ResultRow,
  SamplePanel,
  TrajectoryPanel,
} from "./report.ts";
import { cellText, columnsOf, isBest, type ResultColumn } from "./resultColumns.ts";
import { drawScatter } from "./scatter.ts";
import { drawSummary } from "./summaryPlot.ts";
import { drawTrajectories } from "./trajectoryPlot.ts";
import { countOutside, type View, viewOf } from "./view.ts";

/** Side of a small plot, in CSS pixels before it is fitted to the screen. */
const side = 250;

/** The table of results, the meaning of its columns, and a summary plot. */
export function resultsSection({ results: rows, problem }: Report, palette: Palette): Html | undefined {
  if (rows.length === 0) return undefined;
  const columns = columnsOf(rows);
  const summary = drawSummary(rows, palette);
  return html`<section><h2>Results</h2>
<div class="scroll"><table><thead><tr><th></th>${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map((row, i) => tableRow(row, columns, rows, palette, i > 0 && isApart(row, rows[i - 1])))}</tbody></table></div>
<p class="soft">${explain(rows, columns, problem.units ?? "in data units")}</p>
${notes(rows)}
${summary && html`<figure class="card wide"><figcaption><small>${summary.caption}</small></figcaption><div class="scroll">${svg(summary.svg)}</div></figure>`}
</section>`;
}

/** Remarks on single rows. */
function notes(rows: readonly ResultRow[]): Html | undefined {
  const noted = rows.filter(({ note }) => note !== undefined);
  return noted.length === 0
    ? undefined
    : html`<ul class="soft notes">${noted.map(({ name, note }) => html`<li><b>${name}</b>: ${note}</li>`)}</ul>`;
}

/** Meaning of the columns that show metrics. */
function explain(rows: readonly ResultRow[], columns: readonly ResultColumn[], units: string): string {
  const metrics = metricsOf(columns);
  const sentences = [
    ...metrics.map(({ meaning }) => meaning),
    unitsSentence(metrics, units),
    directionSentence(metrics),
    columns.some((column) => rows.some((row) => isBest(row, column, rows))) && "Bold: best among the losses.",
  ];
  return sentences.filter(Boolean).join(" ");
}

const isApart = (row: ResultRow, above: ResultRow): boolean => (row.kind === "loss") !== (above.kind === "loss");

function tableRow(
  row: ResultRow,
  columns: readonly ResultColumn[],
  rows: readonly ResultRow[],
  palette: Palette,
  apart: boolean,
): Html {
  const names = [apart && "apart", row.kind !== "loss" && "other"].filter(Boolean).join(" ");
  const cells = columns.map((column) => {
    const value = row[column.key];
    const diverged = value !== undefined && !Number.isFinite(value);
    return html`<td class="${diverged ? "diverged" : isBest(row, column, rows) ? "best" : ""}">${cellText(row, column)}</td>`;
  });
  return html`<tr class="${names}"><th scope="row">${swatch(palette(row.name))}${row.name}</th>${cells}</tr>
`;
}

/** Small multiples of scatter plots, all in the view of the first. */
export function samplesSection(
  panels: readonly SamplePanel[],
  { problem: { axes }, drawnSeed }: Pick<Report, "problem" | "drawnSeed">,
  palette: Palette,
): Html | undefined {
  if (panels.length === 0) return undefined;
  const view = viewOf([panels[0].points], side);
  const plots = panels.map(({ name, points }) => {
    const note = outsideNote(countOutside(points, view), countPoints(points));
    return plotCard(name, palette(name), svg(drawScatter(name, points, palette(name), view)), note);
  });
  return html`<section><h2>Samples</h2>
<p class="soft">Data, and the samples that each map makes from the same noise, in equal numbers. All plots show the same part of the plane${axesWords(axes)}.${seedWords(drawnSeed)}</p>
${grid(plots, [3, 4], 190)}</section>`;
}

/** The seed of the trainings that are drawn, if there are several seeds. */
export const seedWords = (seed: number | undefined): string =>
  seed === undefined ? "" : ` The trainings are those with seed ${seed}.`;

/** Names and directions of the axes of all plots. */
const axesWords = (axes: ProblemDescription["axes"]): string =>
  axes ? `: ${axes[0]} to the right, ${axes[1]} upwards` : "";

/** Paths of the teacher below the arrows of the one-step maps. */
export function trajectoriesSection(panels: readonly TrajectoryPanel[], palette: Palette): Html | undefined {
  if (panels.length === 0) return undefined;
  const view: View = viewOf(
    panels.flatMap(({ paths }) => paths),
    side,
  );
  const plots = panels.map((panel) =>
    plotCard(panel.name, palette(panel.name), svg(drawTrajectories(panel, palette(panel.name), view))),
  );
  return html`<section><h2>Trajectories</h2>
<p class="soft">Grey lines: paths of ${article(panels[0].name)} from noise (small dots) to data. Arrows: the one-step map from the same noise; each coloured end should coincide with the end of the grey line.</p>
${grid(plots, [3, 4], 190)}</section>`;
}

const article = (name: string): string => (/^[a-z]/.test(name) ? `the ${name}` : name);

/** Training curves. */
export function curvesSection(panels: readonly CurvePanel[], palette: Palette, isSeeded: boolean): Html | undefined {
  if (panels.length === 0) return undefined;
  const plots = panels.map((panel) => {
    const legend = panel.series.map(({ name }) => html`<span>${swatch(palette(name))}${name}</span>`);
    return html`<figure class="card"><figcaption>${panel.title}</figcaption>
<div class="legend">${legend}</div>${svg(drawCurves(panel, palette))}</figure>
`;
  });
  return html`<section><h2>Training</h2>
<p class="soft">Lines: medians over neighbouring steps${isSeeded && " and all seeds"}. Bands: the middle 80 % of these values. Values of different losses are not comparable.</p>
${grid(plots, [2, 2], 420)}</section>`;
}

/** The losses as formulas. */
export function formulasSection(formulas: readonly Formula[], palette: Palette): Html | undefined {
  if (formulas.length === 0) return undefined;
  const cards = formulas.map(
    ({
      name,
      label,
      latex,
      note,
      command,
      paper,
    }) => html`<div class="card"><h3>${swatch(palette(name))}${label ?? name}</h3>
${formulaLines(latex)}
${note && html`<div class="soft">${note}</div>`}${paper && citation(paper)}${command && html`<pre class="command small">${command}</pre>`}</div>
`,
  );
  return html`<section><h2>Losses</h2>${grid(cards, [2, 2], 460)}</section>`;
}

const citation = ({ cite, arxiv }: NonNullable<Formula["paper"]>): Html =>
  html`<div class="soft"><small>${cite}${arxiv && html`, <a href="https://arxiv.org/abs/${arxiv}">arXiv:${arxiv}</a>`}</small></div>`;

/** The problem, the settings and the machine. */
export function detailsSection({ problem, config, environment }: Report): Html {
  return html`<div class="pair"><section><h2>Problem</h2><p>${problem.description}</p>${problem.facts && definitions(problem.facts)}</section>
<section><h2>Environment</h2>${definitions(environment)}</section></div>
<details><summary>Configuration</summary><pre>${JSON.stringify(config, undefined, 2)}</pre></details>`;
}

const definitions = (entries: Readonly<Record<string, string>>): Html =>
  html`<dl>${Object.entries(entries).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

/** A plot below its name. */
export const plotCard = (name: string, color: string, picture: Html, note?: string): Html =>
  html`<figure class="card"><figcaption><span>${swatch(color)}${name}</span>${note && html`<small>${note}</small>`}</figcaption>${picture}</figure>
`;

/** A grid with evenly filled rows. On a narrow screen it has fewer columns, each at least `least` pixels wide. */
export function grid(cells: readonly Html[], [fewest, most]: readonly [number, number], least: number): Html {
  const columns = Math.max(fewest, Math.ceil(cells.length / Math.ceil(cells.length / most)));
  return html`<div class="grid" style="--columns: ${columns}; --least: ${least}px">${cells}</div>`;
}

/** A dot of a colour. */
export const swatch = (color: string): Html => html`<span class="swatch" style="--color: ${color}"></span>`;

const outsideNote = (outside: number, count: number): string | undefined =>
  outside / count > 0.02 ? `${((100 * outside) / count).toFixed(0)} % outside the plot` : undefined;

/** SVG text as a part of a page. */
export const svg = (text: string): Html => new Html(text);
