import { stopGradient } from "@pushforward/autodiff";
import type { Tensor } from "@pushforward/tensor";

/** Where a variant has a stop-gradient, or does not. */
export type Cut = (x: Tensor) => Tensor;

/** No stop-gradient here. */
export const keep: Cut = (x) => x;

/** A stop-gradient with a label. */
export const stopAt =
  (label: string): Cut =>
  (x) =>
    stopGradient(x, label);
