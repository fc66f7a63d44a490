import {
  div,
  expandDims,
  matmul,
  mean,
  mul,
  softmax,
  square,
  squaredNorm,
  sub,
  type Tensor,
} from "@pushforward/tensor";
import type { AppliedNetwork } from "./objective.ts";

/**
 * The velocity that carries noise to a law known by its samples alone, exactly that of the law that puts equal mass on each:
 *
 *   v̂_t(x) = (Σ wᵢXᵢ − x)/(1 − t),   wᵢ ∝ exp(−‖x − tXᵢ‖²/(2(1 − t)²))
 *
 * With n samples of a smooth law in d dimensions it errs by about n^{−1/2}·((1 − t)/t)^{−d/2} relative to its spread: use it in few
 * dimensions and away from t = 1.
 *
 * @param samples [n, dim]
 * @param x       [batch, dim]
 * @param t       below 1, [batch, 1]
 */
export function velocityOfSamples(samples: Tensor, x: Tensor, t: Tensor): Tensor {
  const gaps = squaredNorm(sub(expandDims(x, 1), mul(expandDims(t, 1), expandDims(samples, 0))));
  const weights = softmax(div(gaps, mul(-2, square(sub(1, t)))), 1);
  return div(sub(matmul(weights, samples), x), sub(1, t));
}

/** How far ψ is from the velocity of the student's samples, and how far that is from the teacher's. */
export interface Lag {
  /** E‖v_ψ − v̂^θ‖² */
  readonly fakeLag: number;
  /** E‖v̂^θ − v_φ‖², what is to vanish */
  readonly fakeGap: number;
}

/** Means over points x [batch, dim] at times t [batch, 1]: [lag, gap]. */
export function lagOf(
  samples: Tensor,
  x: Tensor,
  t: Tensor,
  fakeVelocity: (x: Tensor, t: Tensor) => Tensor,
  teacher: AppliedNetwork,
): readonly [Tensor, Tensor] {
  const exact = velocityOfSamples(samples, x, t);
  return [mean(squaredNorm(sub(fakeVelocity(x, t), exact))), mean(squaredNorm(sub(exact, teacher(x, t))))];
}
