import type { Metric } from "@pushforward/training";
import { Html, html } from "./html.ts";
import { directionSentence, metricsOf, unitsSentence } from "./metricSentences.ts";
import { type PageHead, renderPage } from "./page.ts";
import { formatSpread } from "./resultColumns.ts";
import { drawSpreads } from "./spreadPlot.ts";
import { type StudiedProblem, type StudyRow, studyColumns } from "./study.ts";
import { groupsOf, missWords, notesOf } from "./studyTable.ts";

/** Content of the page of a study as plain data. */
export interface StudyReport extends PageHead {
  readonly problems: readonly StudiedProblem[];
  /** Number of trainings of each loss on each problem. */
  readonly seeds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The validated configuration: plain JSON. */
  readonly config: unknown;
}

/** The report of a study as one self-contained HTML page: for each problem a table, and a plot of each column. */
export function renderStudy(report: StudyReport): string {
  const { problems, seeds, environment, config } = report;
  const families = [...new Set(problems.flatMap(({ rows }) => rows.map(({ family }) => family)))];
  const isOther = (family: string): boolean => family === "teacher" || family === "baseline";
  const losses = families.filter((family) => !isOther(family));
  const colorOf = (family: string): string =>
    isOther(family) ? "var(--teacher)" : `var(--loss-${losses.indexOf(family)})`;
  return renderPage(
    report,
    problems.map(({ name }) => name).join(", "),
    html`${problems.map((problem) => problemSection(problem, seeds, colorOf))}
<section><h2>Environment</h2><dl>${Object.entries(environment).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>
<details><summary>Configuration</summary><pre>${JSON.stringify(config, undefined, 2)}</pre></details>`,
  );
}

type ColorOf = (family: string) => string;

function problemSection({ name, description, units, rows }: StudiedProblem, seeds: number, colorOf: ColorOf): Html {
  const columns = studyColumns(rows);
  const plots = columns.flatMap((column) => {
    const svg = drawSpreads(rows, column, colorOf);
    return svg === undefined
      ? []
      : [
          html`<figure class="card"><figcaption>${column.title}</figcaption>${new Html(svg)}</figure>
`,
        ];
  });
  const body = groupsOf(rows).map(({ title, first, count }) => [
    html`<tr class="apart other"><th scope="rowgroup" colspan="${columns.length + 1}">${title}</th></tr>`,
    rows.slice(first, first + count).map((row) => tableRow(row, columns, colorOf, missWords(rows))),
  ]);
  const notes = notesOf(rows);
  return html`<section><h2>${name}</h2><p>${description}</p>
<div class="scroll"><table><thead><tr><th></th>${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${body.flat()}</tbody></table></div>
<p class="soft">${explain(rows, metricSentences(metricsOf(columns), units), seeds)}</p>
${notes.length > 0 && html`<ul class="soft notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
<div class="grid" style="--columns: 2; --least: 420px">${plots}</div></section>
`;
}

/** @param miss meaning of the mark */
function tableRow(row: StudyRow, columns: ReturnType<typeof studyColumns>, colorOf: ColorOf, miss: string): Html {
  const cells = columns.map((column) => {
    const spread = row.scores[column.key];
    const isLost = spread !== undefined && !Number.isFinite(spread.mean);
    return html`<td class="${isLost ? "diverged" : ""}">${formatSpread(column, spread)}</td>`;
  });
  const mark = row.beatsGaussianFit === false && html`<span class="missed" title="${miss}">✗</span>`;
  return html`<tr class="${row.kind === "loss" ? "" : "other"}"><th scope="row"><span class="swatch" style="--color: ${colorOf(row.family)}"></span>${row.name}${mark}</th>${cells}</tr>
`;
}

const metricSentences = (metrics: readonly Metric[], units: string): string =>
  [unitsSentence(metrics, units), directionSentence(metrics)].filter(Boolean).join(" ");

function explain(rows: readonly StudyRow[], aboutMetrics: string, seeds: number): string {
  const isMissed = rows.some(({ beatsGaussianFit }) => beatsGaussianFit === false);
  const sentences = [
    seeds > 1 && `Means and standard deviations over ${seeds} seeds.`,
    aboutMetrics,
    "Samples are made in one step, except for losses and teachers whose ODE must be solved.",
    isMissed && `✗: ${missWords(rows)}.`,
  ];
  return sentences.filter(Boolean).join(" ");
}
