import { fromData, full, less, type Tensor, uniform, where } from "@pushforward/tensor";
import type { Classes } from "../problems/problem.ts";
import type { AppliedNetwork } from "./appliedNetwork.ts";

/** Labels of a batch. */
export interface StepLabels {
  /** int32[batch], `classes` for a sample without a class. */
  readonly given: Tensor;
  /** Number of classes. */
  readonly classes: number;
}

/** A network at labels, int32[n] for points [n, dim]: networks take labels after their times, `network(x, s, t, labels)`. */
export const withLabels =
  (network: AppliedNetwork, labels: Tensor): AppliedNetwork =>
  (x, ...times) =>
    network(x, ...times, labels);

/** As many labels without a class. */
export const noLabels = ({ given, classes }: StepLabels): Tensor => full(given.shape, classes, { dtype: "int32" });

/** Labels of which each one is replaced by "no class" with a probability. */
export function dropLabels(labels: StepLabels, probability: number, key: Tensor): StepLabels {
  if (probability === 0) return labels;
  const { given, classes } = labels;
  return { given: where(less(uniform(key, given.shape), probability), noLabels(labels), given), classes };
}

/** The labels of n samples without given ones: those of the held-out points in turn, so that classes are as frequent as there. */
export const usualLabels = ({ heldOut }: Pick<Classes, "heldOut">, n: number): Tensor =>
  fromData(
    Int32Array.from({ length: n }, (_, i) => heldOut[i % heldOut.length]),
    [n],
    "int32",
  );
