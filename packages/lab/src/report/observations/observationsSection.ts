import {
  type Figure,
  type FigureKind,
  type FigureName,
  figureNames,
  figures,
  type ObservedTraining,
  observedNames,
  observedSteps,
} from "@pushforward/training";
import { type Html, html } from "../html.ts";
import { unbroken } from "../page.ts";
import type { Palette } from "../palette.ts";
import { cosineTable } from "./cosineTable.ts";
import { errorTable } from "./errorTable.ts";
import { fanFigure } from "./fanFigure.ts";
import type { ObservedFigure } from "./figureRow.ts";
import { linesFigure } from "./linesFigure.ts";
import { splitFigure } from "./splitFigure.ts";
import { timesFigure } from "./timesFigure.ts";

/** The drawing of each kind of figure. */
const drawings: Readonly<Record<FigureKind, (observed: ObservedFigure, palette: Palette) => Html>> = {
  lines: linesFigure,
  split: splitFigure,
  times: timesFigure,
  fan: fanFigure,
};

/** The observations inside the trainings: tables of comparison, then every figure of the observatory; undefined without observations. */
export function observationsSection(trainings: readonly ObservedTraining[], palette: Palette): Html | undefined {
  const steps = observedSteps(trainings);
  if (steps.length === 0) return undefined;
  const rows = figureNames.flatMap((name) => figureSection(name, trainings, steps, palette) ?? []);
  return html`<section class="observed"><h2>Inside the training</h2>
<p class="soft">Measured at ${steps.length} steps, on the same batches and points at every step. Lines: medians over batches${trainings.some(({ seeds }) => seeds.length > 1) && " and seeds"}; bands: the middle 80 % of these values. Panels of one figure have the same axes; a value that a logarithmic axis cannot show leaves a gap.</p>
${errorTable(trainings, palette)}
${cosineTable(trainings, palette)}
<div class="pack">${rows}</div></section>`;
}

/** A figure with its title and meaning; undefined if no training has it. */
function figureSection(
  name: FigureName,
  trainings: readonly ObservedTraining[],
  steps: readonly number[],
  palette: Palette,
): Html | undefined {
  const figure: Figure = figures[name];
  const series = observedNames(trainings, name);
  const own = trainings.filter((training) => observedNames([training], name).length > 0);
  if (series.length === 0) return undefined;
  const others = trainings.filter((training) => !own.includes(training));
  return html`<div class="${hasManyCards(figure, own) ? "row" : "cell"}"><h3>${figure.title}</h3>
<p class="soft">${figure.meaning}${others.length > 0 && unbroken(` Not measured in ${others.map((each) => each.name).join(", ")}, where it has no meaning.`)}</p>
${drawings[figure.kind]({ name, figure, trainings: own, series, steps }, palette)}</div>
`;
}

/** Whether a figure fills the page from left to right; figures with one card stand side by side. */
const hasManyCards = ({ kind }: Figure, trainings: readonly ObservedTraining[]): boolean =>
  kind === "times" || trainings.length > 1;
