import { add, mul, sub } from "@pushforward/tensor";
import { checkCall, checkedFunction } from "../callChecks.ts";
import { type AverageVelocity, asTime, type TimePairField, type VelocityField } from "../flow.ts";
import { ctmVelocity } from "./ctm.ts";
import { pmfPrediction, pmfVelocity } from "./pmf.ts";
import { secondOrderCorrection, secondOrderVelocity } from "./secondOrder.ts";
import { type TrigFlowOptions, trigFlowNetwork, trigFlowVelocity } from "./trigFlow.ts";

/** A network that is the average velocity itself. */
const direct =
  (operation: string) =>
  (u: AverageVelocity): TimePairField => {
    const average = checkedFunction(operation, "the network", u);
    return (x, s, t) => {
      checkCall(operation, x, { s, t });
      return average(x, asTime(s, x), asTime(t, x));
    };
  };

/**
 * The forms of a network, by name: each converts a network to an average velocity u(x, s, t). Only the second-order form uses a
 * known velocity, and only TrigFlow's form has options.
 */
export const flowMapForms = {
  /** u = N */
  firstOrder: direct("flowMapForms.firstOrder"),
  /** u = v(x, s) + (t − s)·N */
  secondOrder: (network, velocity) => secondOrderVelocity(velocity, network),
  /** u = (g − x)/(1 − s) */
  ctm: (network) => ctmVelocity(network),
  /** u = (D − x)/max(1 − s, 0.05) */
  pmf: (network) => pmfVelocity(network),
  /** u = (cos τ − sin τ/σ_d)·x_τ − k·F, towards t = 1 */
  trigFlow: (network, _velocity, options?: TrigFlowOptions) => trigFlowVelocity(network, options),
} as const satisfies Record<
  string,
  (network: AverageVelocity, velocity: VelocityField, options?: TrigFlowOptions) => TimePairField
>;

/** The inverse of each form: the network of a known average velocity, which equals the known velocity at t = s. */
export const formNetworks = {
  firstOrder: direct("formNetworks.firstOrder"),
  secondOrder: (u, velocity) => secondOrderCorrection(velocity, u),
  ctm: (u) => {
    const average = direct("formNetworks.ctm")(u);
    return (x, s, t) => {
      const velocity = average(x, s, t);
      return add(x, mul(sub(1, asTime(s, x)), velocity));
    };
  },
  pmf: (u) => pmfPrediction(u),
  trigFlow: (u, _velocity, options?: TrigFlowOptions) => trigFlowNetwork(u, options),
} as const satisfies Record<
  FlowMapForm,
  (u: AverageVelocity, velocity: VelocityField, options?: TrigFlowOptions) => TimePairField
>;

/** Name of a form. */
export type FlowMapForm = keyof typeof flowMapForms;
