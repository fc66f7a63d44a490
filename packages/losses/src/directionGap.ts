import { maximum, sqrt, square, squaredNorm, sum, type Tensor } from "@pushforward/tensor";

/** Smallest product of squared norms, as in cosine similarities of PyTorch. */
const least = 1e-16;

/**
 * One minus the cosine of the angle between vectors, written so that it is exactly 0 for equal vectors.
 *
 *   1 − cos(a, b) = ½·‖ a/‖a‖ − b/‖b‖ ‖²
 *
 * @param a [batch, dim]
 * @param b [batch, dim]
 * @returns [batch]
 */
export function directionGap(a: Tensor, b: Tensor): Tensor {
  const unit = (x: Tensor): Tensor => x.div(sqrt(maximum(sum(square(x), -1, { keepDims: true }), least)));
  return squaredNorm(unit(a).sub(unit(b))).mul(0.5);
}
