import { stopGradient } from "@pushforward/autodiff";
import type { Tensor } from "@pushforward/tensor";

/** A place where variants of a loss differ: with or without a stop-gradient. */
export type StopOption = (x: Tensor) => Tensor;

/** No stop-gradient. */
export const unstopped: StopOption = (x) => x;

/** A stop-gradient with a label. */
export const stopAt =
  (label: string): StopOption =>
  (x) =>
    stopGradient(x, label);
