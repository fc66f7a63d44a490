import { mean, mul, rsqrt, square, type Tensor } from "@pushforward/tensor";

/** Deviations from the mean over some axes, divided by their standard deviation: (x − m)/√(σ² + ε). */
export function standardized(x: Tensor, axes: number | readonly number[], epsilon: number): Tensor {
  const deviation = x.sub(mean(x, axes, { keepDims: true }));
  return divideByRoot(deviation, axes, epsilon);
}

/** x/√(mean(x²) + ε) over some axes. */
export function divideByRoot(x: Tensor, axes: number | readonly number[], epsilon: number): Tensor {
  return mul(x, rsqrt(mean(square(x), axes, { keepDims: true }).add(epsilon)));
}
