import type { OdeSolver } from "./solver.ts";

/**
 * The classical Runge–Kutta method: four slopes, weighted as in Simpson's rule.
 *
 *   k₁ = v(x, t),   k₂ = v(x + dt/2·k₁, t + dt/2),   k₃ = v(x + dt/2·k₂, t + dt/2),   k₄ = v(x + dt·k₃, t + dt)
 *   x⁺ = x + dt/6·(k₁ + 2k₂ + 2k₃ + k₄)
 *
 * @source Kutta 1901
 */
export const rk4: OdeSolver = {
  name: "rk4",
  kind: "ode",
  order: 4,
  cost: 4,
  reference: { cite: "Kutta 1901, Zeitschrift für Mathematik und Physik 46, 435–453" },
  step(v, x, t, dt) {
    const half = dt.mul(0.5);
    const middle = t.add(half);
    const k1 = v(x, t);
    const k2 = v(x.add(half.mul(k1)), middle);
    const k3 = v(x.add(half.mul(k2)), middle);
    const k4 = v(x.add(dt.mul(k3)), t.add(dt));
    const slope = k1.add(k2.add(k3).mul(2)).add(k4);
    return x.add(dt.mul(1 / 6).mul(slope));
  },
};
