import { fromData, full, less, onesLike, type Tensor, type TensorLike, uniform, where } from "@pushforward/tensor";
import type { Classes } from "../problems/problem.ts";
import type { AppliedNetwork } from "./appliedNetwork.ts";

/** Labels of a batch. */
export interface StepLabels {
  /** int32[batch], `classes` for a sample without a class. */
  readonly given: Tensor;
  /** Number of classes. */
  readonly classes: number;
  /** Scales of a guidance, [batch, 1], where networks take them as an input; 1 for a sample without a class. */
  readonly scales?: Tensor;
}

/**
 * A network at labels, int32[n] for points [n, dim]: networks take labels after their times, `network(x, s, t, labels)`. Networks of a training
 * with `guidance.max` take scales of guidance after the labels, [n, 1] or a scalar.
 */
export const withLabels =
  (network: AppliedNetwork, labels: Tensor, scales?: TensorLike): AppliedNetwork =>
  (x, ...times) =>
    network(x, ...times, labels, ...(scales === undefined ? [] : [scales]));

/** A network without a class, and without guidance where it takes scales. */
export const withoutLabels = (network: AppliedNetwork, labels: StepLabels): AppliedNetwork =>
  withLabels(network, noLabels(labels), labels.scales && onesLike(labels.scales));

/** The labels of some rows of a batch. */
export const labelsOfRows = (labels: StepLabels, rows: readonly [start: number, stop: number]): StepLabels => ({
  ...labels,
  given: labels.given.slice([...rows]),
  ...(labels.scales && { scales: labels.scales.slice([...rows]) }),
});

/** As many labels without a class. */
export const noLabels = ({ given, classes }: StepLabels): Tensor => full(given.shape, classes, { dtype: "int32" });

/** Labels of which each one is replaced by "no class" with a probability. */
export function dropLabels(labels: StepLabels, probability: number, key: Tensor): StepLabels {
  if (probability === 0) return labels;
  const { given, scales } = labels;
  const isDropped = less(uniform(key, given.shape), probability);
  return {
    ...labels,
    given: where(isDropped, noLabels(labels), given),
    ...(scales && { scales: where(isDropped.reshape(scales.shape), 1, scales) }),
  };
}

/** The labels of n samples without given ones: those of the held-out points in turn, so that classes are as frequent as there. */
export const usualLabels = ({ heldOut }: Pick<Classes, "heldOut">, n: number): Tensor =>
  fromData(
    Int32Array.from({ length: n }, (_, i) => heldOut[i % heldOut.length]),
    [n],
    "int32",
  );
