import type { TimePairField, VelocityField } from "../flow.ts";
import { type IntegrateOptions, integrate } from "../integrate.ts";

/** The flow map that solves the ODE: Φ(x, s, t) = integrate(v, x, s, t). */
export const solverFlowMap =
  (velocity: VelocityField, options: IntegrateOptions = {}): TimePairField =>
  (x, s, t) =>
    integrate(velocity, x, s, t, options);
