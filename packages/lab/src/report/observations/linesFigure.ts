import type { Bin } from "../curves.ts";
import { type Html, html } from "../html.ts";
import type { Palette } from "../palette.ts";
import { cardsOf, type ObservedFigure, plotCards, plotWidth } from "./figureRow.ts";
import { legendOf, lineKeys } from "./lineKey.ts";
import { drawLines, mostBands } from "./linesPlot.ts";
import { observedBins } from "./observedBins.ts";
import { logDomain, type StepFrame } from "./stepFrame.ts";

/** Lines over the steps of each training, on the same axes. */
export function linesFigure({ name, figure, trainings, series, steps }: ObservedFigure, palette: Palette): Html {
  const keys = lineKeys(series);
  const lines = new Map(
    trainings.map((training) => [
      training,
      keys.map((key) => ({ key, bins: observedBins(training, name, key.name) })).filter(({ bins }) => bins.length > 0),
    ]),
  );
  const bins: Bin[] = [...lines.values()].flat().flatMap((line) => line.bins);
  const frame: StepFrame = {
    width: plotWidth(trainings.length),
    steps: [steps[0], steps[steps.length - 1]],
    axis: figure.axis,
    domain:
      figure.axis === "cosine"
        ? [-1, 1]
        : logDomain(
            bins.map(({ middle }) => middle),
            1.5,
          ),
  };
  return html`${[...lines.values()].some((each) => each.length > mostBands) && html`<p class="soft">Panels with more than ${mostBands} lines have no bands.</p>`}${legendOf(keys)}
${cardsOf(trainings, palette, plotCards, (training, color) =>
  drawLines({ title: `${figure.title}: ${training.name}`, color, frame, lines: lines.get(training)! }),
)}`;
}
