import { type HeatScale, heatScaleOf, type ObservedTraining } from "@pushforward/training";
import { formatCount } from "../formats.ts";
import { type Html, html } from "../html.ts";
import type { Palette } from "../palette.ts";
import { svg, swatch } from "../sections.ts";
import { cardsOf, momentsCards, momentsOf, momentsRow, type ObservedFigure } from "./figureRow.ts";
import { meanOver, type PooledStep, pooledSteps } from "./pooledSteps.ts";
import { drawColorBar, drawTimeMap, mapPicture } from "./timeMap.ts";

/** Most maps in the strip of a training. */
const mostMaps = 24;

/** The means over the finite numbers of the seeds; NaN without any. */
const finiteMean = (numbers: readonly number[]): number => meanOver(numbers.filter(Number.isFinite));

/** Maps over (s, t), one row per series, with one scale of colours for all trainings and moments of the series. */
export function timesFigure(observed: ObservedFigure, palette: Palette): Html {
  const rows = observed.series.flatMap((series) => seriesRow(observed, series, palette) ?? []);
  return html`<p class="soft">Each map shows the start time s upwards and the end time t to the right, so that the lower right corner is the map in one step. Means over the seeds; the scale of colours is logarithmic, its ends stand for everything beyond them, and it is the same for all maps below it. Zero has the colour of the left end; a blank cell has no value.</p>
<div class="pack">${rows}</div>`;
}

function seriesRow({ name, trainings }: ObservedFigure, series: string, palette: Palette): Html | undefined {
  const maps = new Map(trainings.map((training) => [training, pooledSteps(training, name, series, finiteMean)]));
  const own = trainings.filter((training) => maps.get(training)!.length > 0);
  const scale = heatScaleOf([...maps.values()].flat().flatMap(({ values }) => values));
  if (!scale) return undefined;
  const draw = (training: ObservedTraining): Html =>
    momentsRow(
      momentsOf(maps.get(training)!).map(({ step, values }) =>
        drawTimeMap(scale, values, `step ${formatCount(step)}`, `${series}: ${training.name}, step ${step}`),
      ),
    );
  return html`<div class="${own.length > 1 ? "row" : "cell"}"><h4>${series}</h4>
<div class="bar">${svg(drawColorBar(scale, `Colours of ${series}`))}</div>
${cardsOf(own, palette, momentsCards, draw)}
<details><summary>${series} at ${own.some((training) => maps.get(training)!.length > mostMaps) ? `${mostMaps} observed steps` : "all observed steps"}</summary>
${own.map((training) => strip(training.name, palette(training.name), maps.get(training)!, scale))}</details></div>
`;
}

/** Small maps of the whole training. */
function strip(name: string, color: string, steps: readonly PooledStep[], scale: HeatScale): Html {
  const count = Math.min(mostMaps, steps.length);
  const chosen = Array.from(
    { length: count },
    (_, i) => steps[Math.round((i * (steps.length - 1)) / Math.max(1, count - 1))],
  );
  const maps = chosen.map(
    ({ step, values }) =>
      html`<span><img class="heat" src="${mapPicture(scale, values)}" width="16" height="16" alt="step ${step}">${formatCount(step)}</span>`,
  );
  return html`<div>${swatch(color)}${name}</div><div class="strip">${maps}</div>`;
}
