import { Html, html } from "./html.ts";
import { paletteFor } from "./palette.ts";
import type { Report } from "./report.ts";
import {
  curvesSection,
  detailsSection,
  formulasSection,
  imagesSection,
  resultsSection,
  samplesSection,
  trajectoriesSection,
} from "./sections.ts";
import { styleSheet } from "./styleSheet.ts";

/**
 * A report as one HTML page that needs nothing else: no scripts, no fonts, no files, no network. The same report gives
 * the same bytes.
 *
 * @throws ShapeError or DomainError if points, pictures or formulas cannot be drawn
 */
export function renderReport(report: Report): string {
  const palette = paletteFor(report.results);
  const { samples = [], trajectories = [], curves = [], images = [], formulas = [] } = report;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="generator" content="pushforward">
<title>${report.title}</title>
<style>${new Html(styleSheet)}</style>
</head>
<body>
<main>
<header><h1>${report.title}</h1>
<p class="lead">${report.summary}</p>
<pre class="command">${report.command}</pre>
<p class="soft"><small>${report.problem.name} · ${formatDate(report.created)}</small></p></header>
${resultsSection(report, palette)}
${imagesSection(images, palette)}
${samplesSection(samples, report.problem, palette)}
${trajectoriesSection(trajectories, palette)}
${curvesSection(curves, palette)}
${formulasSection(formulas, palette)}
${detailsSection(report)}
</main>
</body>
</html>
`.text;
}

/** "2025-03-04T10:20:30.000Z" as "2025-03-04 10:20 UTC"; anything else as it is. */
const formatDate = (iso: string): string =>
  iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(\.\d+)?)?Z$/, (_, date, time) => `${date} ${time} UTC`);
