import type { Figure } from "./figure.ts";
import { gradientFigures } from "./gradientFigures.ts";
import { lossFigures } from "./lossFigures.ts";
import { timeFigures } from "./timeFigures.ts";

/** Everything that can be observed inside a training, by name. */
export const figures = { ...lossFigures, ...gradientFigures, ...timeFigures } as const satisfies Readonly<
  Record<string, Figure>
>;

/** Name of a figure. */
export type FigureName = keyof typeof figures;

/** Names of all figures, in the order of reports. */
export const figureNames = Object.keys(figures) as readonly FigureName[];
