import type { OdeSolver } from "./solver.ts";

/**
 * Heun's method: an Euler step, then a step with the average of both slopes.
 *
 *   x̂ = x + dt·v(x, t);   x⁺ = x + dt/2·(v(x, t) + v(x̂, t + dt))
 *
 * @source Karras et al. 2022, Algorithm 2 (without churn)
 */
export const heun: OdeSolver = {
  name: "heun",
  kind: "ode",
  order: 2,
  cost: 2,
  reference: { cite: "Karras et al. 2022, Algorithm 2 (without churn)", arxiv: "2206.00364" },
  step(v, x, t, dt) {
    const start = v(x, t);
    const end = v(x.add(dt.mul(start)), t.add(dt));
    return x.add(dt.mul(0.5).mul(start.add(end)));
  },
};
