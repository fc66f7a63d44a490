import { DomainError, type Tensor, type TensorLike } from "@pushforward/tensor";
import type { TimeField } from "../flow.ts";

/** Options of sampling. */
export interface SampleOptions {
  /** Default float64. */
  readonly dtype?: "float64" | "float32";
}

/** A distribution with a sampler. */
export interface Distribution {
  /** Number of coordinates. */
  readonly dim: number;
  /** n independent points of this key, [n, dim] */
  sample(key: Tensor, n: number, options?: SampleOptions): Tensor;
}

/**
 * A data law whose path from noise is known exactly, X_t = t·X_1 + (1 − t)·X_0 with X_0 ~ N(0, I) independent of X_1 ~ this
 * law. x is [batch, dim], t a scalar or [batch, 1].
 */
export interface ExactDistribution extends Distribution {
  /** log ρ_t(x), [batch], nats; t = 1 by default: the data itself */
  logProb(x: Tensor, t?: TensorLike): Tensor;
  /** s_t(x) = ∇ log ρ_t(x), [batch, dim] */
  readonly score: TimeField;
  /** v_t(x) = E[X_1 − X_0 | X_t = x], [batch, dim] */
  readonly velocity: TimeField;
  /** D_t(x) = E[X_1 | X_t = x], [batch, dim] */
  readonly denoiser: TimeField;
}

/**
 * Checks a number of points.
 *
 * @throws DomainError unless n is a whole number ≥ 0
 */
export function checkCount(operation: string, n: number): void {
  if (Number.isInteger(n) && n >= 0) return;
  throw new DomainError(`${operation}: the number of points must be a whole number ≥ 0, got ${n}`);
}
