import type { TrainingSettings } from "../settings/trainingSettings.ts";

/** Widths that are chosen by the data: between these, so many per column. Pictures of 64 pixels need the upper one. */
const [narrowest, widest, perColumn] = [64, 256, 4];

/** Width of the hidden layers: the setting, or a width by the number of columns. */
export const widthOf = ({ width }: Pick<TrainingSettings, "width">, dim: number): number =>
  width ?? Math.max(narrowest, Math.min(widest, perColumn * dim));
