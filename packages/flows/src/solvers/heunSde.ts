import type { SdeSolver } from "./solver.ts";

/**
 * Stochastic Heun: Heun's average of both slopes and both noise levels, with the same noise.
 *
 *   X̂ = X + drift(X, t)·dt + g(t)·dW
 *   X⁺ = X + ½(drift(X, t) + drift(X̂, t + dt))·dt + ½(g(t) + g(t + dt))·dW
 *
 * Strong order 1; without noise it is Heun's method, so weak noise costs little accuracy.
 *
 * @source Kloeden and Platen 1992, §15.1
 */
export const heunSde: SdeSolver = {
  name: "heunSde",
  kind: "sde",
  order: 1,
  cost: 2,
  reference: {
    cite: "Kloeden and Platen 1992, Numerical Solution of Stochastic Differential Equations, §15.1",
    doi: "10.1007/978-3-662-12616-5",
  },
  step(drift, diffusion, x, t, dt, dW) {
    const end = t.add(dt);
    const [start, level] = [drift(x, t), diffusion(t)];
    const guess = x.add(dt.mul(start)).add(level.mul(dW));
    const slope = start.add(drift(guess, end)).mul(0.5);
    return x.add(dt.mul(slope)).add(level.add(diffusion(end)).mul(0.5).mul(dW));
  },
};
