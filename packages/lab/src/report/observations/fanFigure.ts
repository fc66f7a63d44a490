import { middleOf, type ObservedTraining } from "@pushforward/training";
import { formatCount } from "../formats.ts";
import { type Html, html } from "../html.ts";
import type { Palette } from "../palette.ts";
import { drawFan, type FanPoint } from "./fanPlot.ts";
import { cardsOf, momentsCards, momentsOf, momentsRow, type ObservedFigure } from "./figureRow.ts";
import { meanOver, pooledSteps } from "./pooledSteps.ts";
import { logDomain } from "./stepFrame.ts";

/** The series of a fan, and their values over several seeds. */
const poolings = {
  top: ["largest of all points", (values: readonly number[]) => Math.max(...values)],
  largest: ["largest", meanOver],
  smallest: ["smallest", meanOver],
  bottom: ["smallest of all points", (values: readonly number[]) => Math.min(...values)],
} as const satisfies Record<Exclude<keyof FanPoint, "span">, unknown>;

/** Fans of a training at each observed step. */
function fansOf(training: ObservedTraining, { name }: ObservedFigure): { step: number; points: FanPoint[] }[] {
  const pooled = Object.entries(poolings).map(
    ([key, [series, pool]]) => [key, pooledSteps(training, name, series, pool)] as const,
  );
  const [, first] = pooled[0];
  return first.map(({ step, values }, i) => ({
    step,
    points: values.map((_, place) => ({
      span: middleOf(place),
      ...(Object.fromEntries(pooled.map(([key, steps]) => [key, steps[i].values[place]])) as Omit<FanPoint, "span">),
    })),
  }));
}

/** Singular values over t − s at a few moments of each training, on the same axes. */
export function fanFigure(observed: ObservedFigure, palette: Palette): Html {
  const fans = new Map(observed.trainings.map((training) => [training, momentsOf(fansOf(training, observed))]));
  const all = [...fans.values()].flat().flatMap(({ points }) => points);
  const domain = logDomain(
    all.flatMap(({ top, bottom, largest, smallest }) => [top, bottom, largest, smallest, 1]),
    1.1,
  );
  return html`<p class="soft">Solid line: the largest singular value, dashed line: the smallest, both as means over points and seeds. Pale band: the extremes of all points and seeds. Grey line: 1, no stretch.</p>
${cardsOf(observed.trainings, palette, momentsCards, (training, color) =>
  momentsRow(
    fans
      .get(training)!
      .map(({ step, points }) =>
        drawFan(
          points,
          domain,
          color,
          `step ${formatCount(step)}`,
          `${observed.figure.title}: ${training.name}, step ${step}`,
        ),
      ),
  ),
)}`;
}
