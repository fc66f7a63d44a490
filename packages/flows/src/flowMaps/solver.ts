import { mustBe, optionsOf } from "@pushforward/tensor";
import type { TimePairField, VelocityField } from "../flow.ts";
import { type IntegrateOptions, integrate } from "../integrate.ts";

/** The flow map that solves the ODE: Φ(x, s, t) = integrate(v, x, s, t). */
export function solverFlowMap(velocity: VelocityField, options: IntegrateOptions = {}): TimePairField {
  mustBe("solverFlowMap", "the velocity", velocity, "function");
  optionsOf("solverFlowMap", options);
  return (x, s, t) => integrate(velocity, x, s, t, options);
}
