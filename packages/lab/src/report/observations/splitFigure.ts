import type { ObservedTraining } from "@pushforward/training";
import type { StepGroup } from "../curves.ts";
import { type Html, html } from "../html.ts";
import type { Palette } from "../palette.ts";
import { cardsOf, type ObservedFigure, plotCards, plotWidth } from "./figureRow.ts";
import { legendOf, lineKeys } from "./lineKey.ts";
import { observedGroups } from "./observedBins.ts";
import { meanOver } from "./pooledSteps.ts";
import { areaOpacities, drawSplit, type StepSums } from "./splitPlot.ts";
import { logDomain, type StepFrame } from "./stepFrame.ts";

/** Stacked parts over the steps of each training, on the same axes. */
export function splitFigure(observed: ObservedFigure, palette: Palette): Html {
  const { figure, trainings, series, steps } = observed;
  const keys = lineKeys(series);
  const split = new Map(
    trainings.map((training) => {
      const parts = partsOf(training, observed);
      return [training, { names: parts.map(({ name }) => name), sums: sumsOf(parts) }];
    }),
  );
  const frame = frameOf(
    [...split.values()].flatMap(({ sums }) => sums),
    {
      width: plotWidth(trainings.length),
      steps: [steps[0], steps[steps.length - 1]],
    },
  );
  return html`${legendOf(keys, areaOpacities)}
<p class="soft">${explain(keys.length, frame)}</p>
${cardsOf(trainings, palette, plotCards, (training, color) => {
  const { names, sums } = split.get(training)!;
  const parts = keys.filter(({ name }) => names.includes(name));
  return drawSplit({ title: `${figure.title}: ${training.name}`, color, frame, parts, sums });
})}`;
}

/** The reading of the plot. */
const explain = (parts: number, { axis }: StepFrame): string =>
  [
    "Means over batches and seeds.",
    parts > 1 &&
      "Each line is a sum of parts; the sum of all parts is the whole loss. The area between two lines is a part; it is hatched where the part is below zero, so that its line runs below the line before.",
    axis === "log" && "The axis is logarithmic: compare lines with numbers of the axis, not areas with each other.",
  ]
    .filter(Boolean)
    .join(" ");

/** A part of the loss over the steps. */
interface Part {
  readonly name: string;
  readonly groups: readonly StepGroup[];
}

/** The parts that a training has. */
const partsOf = (training: ObservedTraining, { name: figure, series }: ObservedFigure): Part[] =>
  series
    .map((name) => ({ name, groups: observedGroups(training, figure, name) }))
    .filter(({ groups }) => groups.length > 0);

/** Sums of the means of the first parts, at each step. */
function sumsOf(parts: readonly Part[]): StepSums[] {
  return (parts[0]?.groups ?? []).map(({ step }, i) => {
    let sum = 0;
    return {
      step,
      sums: parts.map(({ groups }) => {
        sum += meanOver(groups[i]?.values ?? []);
        return sum;
      }),
    };
  });
}

/** A logarithmic axis if all sums are positive, else a linear one from zero on. */
function frameOf(all: readonly StepSums[], size: Pick<StepFrame, "width" | "steps">): StepFrame {
  const values = all.flatMap(({ sums }) => sums).filter(Number.isFinite);
  if (values.every((value) => value > 0)) return { ...size, axis: "log", domain: logDomain(values, 1.4) };
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = (high - low || 1) * 0.05;
  return { ...size, axis: "linear", domain: [low < 0 ? low - room : 0, high + room] };
}
