import type { Tensor } from "@pushforward/tensor";
import type { VelocityField } from "../flow.ts";

/** The publication of a method. */
export interface Reference {
  readonly cite: string;
  readonly doi?: string;
  readonly arxiv?: string;
}

interface SolverFacts {
  readonly name: string;
  /** Global order: the error of a whole solve falls like dt^order; for SDEs the strong order with additive noise. */
  readonly order: number;
  /** Velocity evaluations per step. */
  readonly cost: number;
  readonly reference: Reference;
}

/** A one-step method for dx/dt = v(x, t). */
export interface OdeSolver extends SolverFacts {
  readonly kind: "ode";
  /**
   * @param x  state, [batch, dim]
   * @param t  start time, scalar or [batch, 1]
   * @param dt signed step, shaped like t
   * @returns  state at t + dt, [batch, dim]
   */
  step(v: VelocityField, x: Tensor, t: Tensor, dt: Tensor): Tensor;
  /** The same step with an estimate of its error, for methods with adaptive steps. */
  readonly embedded?: EmbeddedStep;
}

/** One step with an error estimate. `first` is v(x, t), the `last` of the previous step. */
export type EmbeddedStep = (
  v: VelocityField,
  x: Tensor,
  t: Tensor,
  dt: Tensor,
  first: Tensor,
) => {
  /** State at t + dt. */
  readonly next: Tensor;
  /** Estimated error of `next`, [batch, dim]. */
  readonly error: Tensor;
  /** v(next, t + dt). */
  readonly last: Tensor;
};

/** A one-step method for dX = drift(X, t) dt + diffusion(t) dW, the same noise level for every coordinate. */
export interface SdeSolver extends SolverFacts {
  readonly kind: "sde";
  /**
   * @param dW increments of the Brownian motion, variance |dt|, [batch, dim]
   */
  step(drift: VelocityField, diffusion: (t: Tensor) => Tensor, x: Tensor, t: Tensor, dt: Tensor, dW: Tensor): Tensor;
}

/** Any method of the registry. */
export type Solver = OdeSolver | SdeSolver;
