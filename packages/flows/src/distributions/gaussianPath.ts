import { add, div, mul, sqrt, square, sub, type Tensor, type TensorLike } from "@pushforward/tensor";

// Along an eigenvector of Σ with eigenvalue λ all quantities of a Gaussian's path are numbers that depend on λ and t: the noise
// covariance is I, so Σ commutes with it and each S_t is a function of Σ. All gains below multiply x − tμ.

/** S_t = t²λ + (1 − t)²: variance of X_t. */
export const marginalVariance = (variance: Tensor, t: TensorLike): Tensor =>
  add(mul(square(t), variance), square(sub(1, t)));

/** K_t = (tλ − (1 − t))/S_t:  v_t(x) = μ + K_t·(x − tμ). */
export const velocityGain = (variance: Tensor, t: TensorLike): Tensor =>
  div(sub(mul(t, variance), sub(1, t)), marginalVariance(variance, t));

/** −1/S_t:  s_t(x) = −(x − tμ)/S_t. */
export const scoreGain = (variance: Tensor, t: TensorLike): Tensor => div(-1, marginalVariance(variance, t));

/** tλ/S_t:  D_t(x) = μ + tλ/S_t·(x − tμ). */
export const denoiserGain = (variance: Tensor, t: TensorLike): Tensor =>
  div(mul(t, variance), marginalVariance(variance, t));

/** √(S_t/S_s):  Φ(x, s, t) = tμ + √(S_t/S_s)·(x − sμ). */
export const flowGain = (variance: Tensor, s: TensorLike, t: TensorLike): Tensor =>
  sqrt(div(marginalVariance(variance, t), marginalVariance(variance, s)));

/**
 * (√(S_t/S_s) − 1)/(t − s) without the division by t − s:  U(x, s, t) = μ + gain·(x − sμ).
 *
 *   S_t − S_s = (t − s)·((s + t)λ − (2 − s − t))   ⇒   gain = ((s + t)λ − (2 − s − t))/(S_s + √(S_s·S_t))
 */
export const averageGain = (variance: Tensor, s: TensorLike, t: TensorLike): Tensor => {
  const [start, end] = [marginalVariance(variance, s), marginalVariance(variance, t)];
  const both = add(s, t);
  return div(sub(mul(both, variance), sub(2, both)), add(start, sqrt(mul(start, end))));
};

/** C_t = λ/S_t: variance of X_1 − X_0 given X_t, which equals λ + 1 − (tλ − (1 − t))²/S_t. */
export const conditionalVariance = (variance: Tensor, t: TensorLike): Tensor =>
  div(variance, marginalVariance(variance, t));
