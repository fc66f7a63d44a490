import { stopGradient } from "@pushforward/autodiff";
import type { Tensor } from "@pushforward/tensor";

/** Where a variant has a stop-gradient, or does not. */
export type StopOption = (x: Tensor) => Tensor;

/** No stop-gradient here. */
export const unstopped: StopOption = (x) => x;

/** A stop-gradient with a label. */
export const stopAt =
  (label: string): StopOption =>
  (x) =>
    stopGradient(x, label);
