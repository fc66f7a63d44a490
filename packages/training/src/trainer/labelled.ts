import type { Guidance, GuidanceWeights } from "@pushforward/losses";
import {
  add,
  fromData,
  full,
  greater,
  less,
  mul,
  sub,
  type Tensor,
  type TensorLike,
  uniform,
  where,
} from "@pushforward/tensor";
import type { Classes } from "../problems/problem.ts";
import type { AppliedNetwork } from "./appliedNetwork.ts";
import type { StepInput } from "./stepInput.ts";

/**
 * Labels in a training. A network takes them after its times, `network(x, s, t, labels)`; the label after the last class is that of
 * samples without a class.
 */

/** A network at labels, int32[n] for points [n, dim]. */
export const withLabels =
  (network: AppliedNetwork, labels: Tensor): AppliedNetwork =>
  (x, ...times) =>
    network(x, ...times, labels);

/** Labels [n] in which each one is replaced by "no class" with a probability. */
export const dropLabels = (labels: Tensor, classes: number, probability: number, key: Tensor): Tensor =>
  probability === 0 ? labels : where(less(uniform(key, labels.shape), probability), noLabels(labels, classes), labels);

/** Labels without a class, like labels [n]. */
const noLabels = (labels: Tensor, classes: number): Tensor => full(labels.shape, classes, { dtype: "int32" });

/** The labels of n samples without given ones: those of the held-out points in turn, so that classes are as frequent as there. */
export const usualLabels = ({ heldOut }: Pick<Classes, "heldOut">, n: number): Tensor =>
  fromData(
    Int32Array.from({ length: n }, (_, i) => heldOut[i % heldOut.length]),
    [n],
    "int32",
  );

/** Networks of a step that take points, times and labels. */
const networkNames = ["student", "target", "previous", "teacher", "targetVelocity", "fakeVelocity", "critic"] as const;

/** The input of a step for some of its rows: their data, and all networks at their labels, the teacher guided. */
export function inputOfRows(
  input: StepInput,
  [start, stop]: readonly [number, number],
  guidance: Guidance | null,
): StepInput {
  const data = input.data.slice([start, stop]);
  if (!input.labels) return { ...input, data };
  const { classes } = input.labels;
  const given = input.labels.given.slice([start, stop]);
  const none = noLabels(given, classes);
  const bound = networkNames.flatMap((name) => {
    const network = input[name] as AppliedNetwork | undefined;
    return network ? [[name, withLabels(network, given)] as const] : [];
  });
  const networks: Partial<Record<(typeof networkNames)[number], AppliedNetwork>> = Object.fromEntries(bound);
  const { teacher } = input;
  return {
    ...input,
    ...networks,
    ...(teacher && guidance ? { teacher: guided(networks.teacher!, withLabels(teacher, none), guidance) } : {}),
    data,
    labels: { given, classes },
    unconditional: withLabels(input.student, none),
  } as StepInput;
}

/** v° + g·(v − v°), g the scale of the guidance at the time of the velocity. */
const guided =
  (velocity: AppliedNetwork, free: AppliedNetwork, guidance: Guidance): AppliedNetwork =>
  (x, t) => {
    const plain = free(x, t);
    return add(plain, mul(within(guidance, t, guidance.scale, 1), sub(velocity(x, t), plain)));
  };

/** ω and κ of a student that is trained to be guided, with ω/(1 − κ) the scale; 1 and 0 outside of the interval of times. */
export function guidanceWeights(guidance: Guidance, s: Tensor): GuidanceWeights {
  const { scale, mix } = guidance;
  return { omega: within(guidance, s, scale * (1 - mix), 1), kappa: within(guidance, s, mix, 0) };
}

/** A value within the interval of a guidance and another one elsewhere; a plain number where the interval holds all times. */
function within({ from, to }: Guidance, time: TensorLike, inside: number, outside: number): TensorLike {
  if (from <= 0 && to >= 1) return inside;
  return where(less(time, from), outside, where(greater(time, to), outside, inside));
}
