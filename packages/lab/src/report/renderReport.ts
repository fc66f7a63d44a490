import { differencesSection } from "./differences.ts";
import { html } from "./html.ts";
import { imagesSection } from "./imagesSection.ts";
import { observationStyles } from "./observations/observationStyles.ts";
import { observationsSection } from "./observations/observationsSection.ts";
import { renderPage } from "./page.ts";
import { paletteFor } from "./palette.ts";
import type { Report } from "./report.ts";
import {
  curvesSection,
  detailsSection,
  formulasSection,
  resultsSection,
  samplesSection,
  swatch,
  trajectoriesSection,
} from "./sections.ts";

/**
 * A report as one self-contained HTML page: no scripts, no fonts, no files, no network. Equal reports give equal bytes.
 *
 * @throws ShapeError or DomainError if points, pictures or formulas cannot be drawn
 */
export function renderReport(report: Report): string {
  const palette = paletteFor(report.results);
  const { samples = [], trajectories = [], curves = [], formulas = [], differences = [] } = report;
  const observed = observationsSection(report.observations ?? [], palette);
  return renderPage(
    report,
    report.problem.name,
    html`${resultsSection(report, palette)}
${differencesSection(differences, (name) => swatch(palette(name)))}
${imagesSection(report, palette)}
${samplesSection(samples, report, palette)}
${trajectoriesSection(trajectories, palette)}
${curvesSection(curves, palette, report.drawnSeed !== undefined)}${
  observed &&
  html`
${observed}`
}
${formulasSection(formulas, palette)}
${detailsSection(report)}`,
    observed && observationStyles,
  );
}
