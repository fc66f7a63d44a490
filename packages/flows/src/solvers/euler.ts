import type { OdeSolver } from "./solver.ts";

/**
 * Euler's method: a step with the slope at the start.
 *
 *   x⁺ = x + dt·v(x, t)
 */
export const euler: OdeSolver = {
  name: "euler",
  kind: "ode",
  order: 1,
  cost: 1,
  reference: {
    cite: "Hairer, Nørsett and Wanner 1993, Solving Ordinary Differential Equations I, §II.1",
    doi: "10.1007/978-3-540-78862-1",
  },
  step: (v, x, t, dt) => x.add(dt.mul(v(x, t))),
};
