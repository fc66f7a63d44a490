import type { SdeSolver } from "./solver.ts";

/**
 * Euler–Maruyama: Euler's step plus the noise of the interval.
 *
 *   X⁺ = X + drift(X, t)·dt + g(t)·dW
 *
 * Its strong order is ½ for noise that depends on the state; here g depends on the time alone, and the order is 1.
 *
 * @source Kloeden and Platen 1992, §10.2 and §10.3
 */
export const eulerMaruyama: SdeSolver = {
  name: "eulerMaruyama",
  kind: "sde",
  order: 1,
  cost: 1,
  reference: {
    cite: "Kloeden and Platen 1992, Numerical Solution of Stochastic Differential Equations, §10.2",
    doi: "10.1007/978-3-662-12616-5",
  },
  step: (drift, diffusion, x, t, dt, dW) => x.add(dt.mul(drift(x, t))).add(diffusion(t).mul(dW)),
};
