import type { OdeSolver } from "./solver.ts";

/**
 * The midpoint method: a step with the slope at the midpoint.
 *
 *   x̂ = x + dt/2·v(x, t);   x⁺ = x + dt·v(x̂, t + dt/2)
 *
 * @source Runge 1895
 */
export const midpoint: OdeSolver = {
  name: "midpoint",
  kind: "ode",
  order: 2,
  cost: 2,
  reference: { cite: "Runge 1895, Mathematische Annalen 46, 167–178", doi: "10.1007/BF01446807" },
  step(v, x, t, dt) {
    const half = dt.mul(0.5);
    const middle = x.add(half.mul(v(x, t)));
    return x.add(dt.mul(v(middle, t.add(half))));
  },
};
