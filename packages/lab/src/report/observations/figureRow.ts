import type { Figure, FigureName, ObservedTraining } from "@pushforward/training";
import { type Html, html } from "../html.ts";
import type { Palette } from "../palette.ts";
import { grid, plotCard, svg } from "../sections.ts";

/** A figure of the observatory, with the trainings that have it. */
export interface ObservedFigure {
  readonly name: FigureName;
  readonly figure: Figure;
  readonly trainings: readonly ObservedTraining[];
  /** Names of the series, of all trainings. */
  readonly series: readonly string[];
  /** Steps at which any training was observed, in order. */
  readonly steps: readonly number[];
}

/** Numbers of cards in a row, and the smallest width of a card in pixels. */
interface CardColumns {
  readonly columns: readonly [number, number];
  readonly least: number;
}

/** Cards with one plot. */
export const plotCards: CardColumns = { columns: [2, 3], least: 320 };

/** Cards with the plots of a few moments. */
export const momentsCards: CardColumns = { columns: [2, 2], least: 420 };

/** Width of a plot before it is fitted to its card, in pixels: in narrow cards letters keep their size. */
export const plotWidth = (cards: number): number => (cards > 2 ? 340 : 420);

/** One card for each training. */
export const cardsOf = (
  trainings: readonly ObservedTraining[],
  palette: Palette,
  { columns, least }: CardColumns,
  draw: (training: ObservedTraining, color: string) => Html | string,
): Html =>
  grid(
    trainings.map((training) => {
      const color = palette(training.name);
      const drawn = draw(training, color);
      return plotCard(training.name, color, typeof drawn === "string" ? svg(drawn) : drawn);
    }),
    columns,
    least,
  );

/** The first, the middle and the last of a list. */
export const momentsOf = <T>(all: readonly T[]): T[] =>
  [...new Set([0, Math.floor((all.length - 1) / 2), all.length - 1])].flatMap((i) => (i in all ? [all[i]] : []));

/** Plots of a few moments, side by side. */
export const momentsRow = (plots: readonly string[]): Html => html`<div class="moments">${plots.map(svg)}</div>`;
