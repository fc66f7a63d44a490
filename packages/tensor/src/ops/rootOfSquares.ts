import type { Tensor, TensorLike } from "../array/tensor.ts";
import { abs, div, mul, pow, square } from "./arithmetic.ts";
import { equal, less, where } from "./comparison.ts";
import { countOf, reduce } from "./reduce.ts";
import type { ReduceOptions } from "./signatures.ts";
import { reshape } from "./structural.ts";
import { sqrt } from "./transcendental.ts";

/** The factor for numbers below, or above, a size, so that the sum of their squares is in range; powers of two, which never round. */
type Scaling = readonly [size: number, factor: number];

/** Sizes at which squares leave the range. Cotangents are multiplied by the factors too: float32 splits one large factor in two. */
const ranges: Readonly<Record<"float64" | "float32", { readonly tiny: readonly Scaling[]; readonly large: Scaling }>> =
  {
    float64: { tiny: [[2 ** -500, 2 ** 600]], large: [2 ** 500, 2 ** -600] },
    float32: {
      tiny: [
        [2 ** -52, 2 ** 70],
        [2 ** -118, 2 ** 110],
      ],
      large: [2 ** 50, 2 ** -78],
    },
  };

/**
 * The factor, one per group of elements along the axes, that keeps their sum in range: 1 unless the largest is very large.
 *
 * It is piecewise constant and results do not depend on it, so it contributes no derivative.
 */
export const factorOfLarge = (x: Tensor, axes: readonly number[]): TensorLike => factorOf(x, axes, []);

/** The same for their squares: 1 unless the largest is very small or very large. */
const factorOfSquares = (x: Tensor, axes: readonly number[]): TensorLike =>
  factorOf(x, axes, ranges[x.dtype as keyof typeof ranges].tiny);

function factorOf(x: Tensor, axes: readonly number[], tiny: readonly Scaling[]): TensorLike {
  if (countOf(x, axes) === 0) return 1;
  const [high, down] = ranges[x.dtype as keyof typeof ranges].large;
  const largest = reduce("max", abs(x), axes, { keepDims: true });
  const lowering = where(less(high, largest), down, 1);
  return tiny.reduce((factor, [low, up]) => where(less(largest, low), up, factor), lowering);
}

/** The reduced values divided by the factor again. */
export const withoutFactor = (reduced: Tensor, factor: TensorLike): Tensor =>
  div(reduced, typeof factor === "number" ? factor : reshape(factor as Tensor, reduced.shape));

/** √(Σ x²/n) along axes for every x whose root is in range. */
export function rootOfSquares(x: Tensor, axes: readonly number[], n: number, options: ReduceOptions): Tensor {
  const factor = factorOfSquares(x, axes);
  const sum = reduce("sum", square(mul(x, factor)), axes, options);
  return withoutFactor(rootOrZero(n === 1 ? sum : div(sum, n)), factor);
}

/**
 * √x of a sum of squares x. At x = 0 the root has a kink: the first derivative is 0, the middle of its slopes, and the second
 * derivative, which does not exist, is NaN, as that of x^{3/2}.
 *
 * Both arguments are guarded, so that no 0·∞ arises in reverse mode.
 */
function rootOrZero(x: Tensor): Tensor {
  const isZero = equal(x, 0);
  return where(isZero, pow(where(isZero, x, 1), 1.5), sqrt(where(isZero, 1, x)));
}
