import { div, expandDims, matmul, mul, softmax, square, squaredNorm, sub, type Tensor } from "@pushforward/tensor";

/**
 * The velocity that carries noise to a few samples, exactly that of the law that puts equal mass on each:
 *
 *   v̂_t(x) = (Σ wᵢXᵢ − x)/(1 − t),   wᵢ ∝ exp(−‖x − tXᵢ‖²/(2(1 − t)²))
 *
 * It stands for the velocity of the law they were drawn from in few dimensions and away from t = 1, where each sample attracts
 * alone.
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
