import { add, mul, sub } from "@pushforward/tensor";
import { type AverageVelocity, asTime, type TimePairField, type VelocityField } from "../flow.ts";
import { ctmVelocity } from "./ctm.ts";
import { secondOrderCorrection, secondOrderVelocity } from "./secondOrder.ts";
import { trigFlowNetwork, trigFlowVelocity } from "./trigFlow.ts";

/**
 * What a network may stand for, by name: each makes the average velocity u(x, s, t) of it. Only the second-order form looks at
 * a known velocity.
 */
export const flowMapForms = {
  /** u = N */
  firstOrder: (network) => (x, s, t) => network(x, asTime(s, x), asTime(t, x)),
  /** u = v(x, s) + (t − s)·N */
  secondOrder: (network, velocity) => secondOrderVelocity(velocity, network),
  /** u = (g − x)/(1 − s) */
  ctm: (network) => ctmVelocity(network),
  /** u = (cos τ − sin τ/σ_d)·x_τ − k·F, towards t = 1 */
  trigFlow: (network) => trigFlowVelocity(network),
} as const satisfies Record<string, (network: AverageVelocity, velocity: VelocityField) => TimePairField>;

/** The inverse of each form: the network that makes a known average velocity, which is the known velocity at t = s. */
export const formNetworks = {
  firstOrder: (u) => (x, s, t) => u(x, asTime(s, x), asTime(t, x)),
  secondOrder: (u, velocity) => secondOrderCorrection(velocity, u),
  ctm: (u) => (x, s, t) => {
    const [start, end] = [asTime(s, x), asTime(t, x)];
    return add(x, mul(sub(1, start), u(x, start, end)));
  },
  trigFlow: (u) => trigFlowNetwork(u),
} as const satisfies Record<FlowMapForm, (u: AverageVelocity, velocity: VelocityField) => TimePairField>;

/** Name of a form. */
export type FlowMapForm = keyof typeof flowMapForms;
