import { mul, sub, type Tensor } from "@pushforward/tensor";

/**
 * lim f(h) as h → 0 for f smooth in h: values at step/2ᵏ, extrapolated as a polynomial.
 *
 *   f₀ ← f,   f_j(h) = (2ʲ·f_{j−1}(h/2) − f_{j−1}(h))/(2ʲ − 1)
 *
 * @source Press et al., Numerical Recipes, §5.7 (Neville's table at halved steps)
 */
export function limitAtZero(f: (h: number) => Tensor, step = 0.05, levels = 7): Tensor {
  let row = Array.from({ length: levels }, (_, k) => f(step / 2 ** k));
  for (let j = 1; j < levels; j++) {
    const weight = 2 ** j;
    row = row.slice(1).map((finer, i) => mul(1 / (weight - 1), sub(mul(weight, finer), row[i])));
  }
  return row[0];
}

/**
 * The observed order of convergence of every row: log₂ of the ratio of the errors at a step and at half the step.
 *
 * @param f     approximations [n, width]
 * @param exact [n, width]
 */
export function observedOrder(f: (h: number) => Tensor, exact: Tensor, step: number): Float64Array {
  const [coarse, fine] = [step, step / 2].map((h) => sub(f(h), exact).norm().dataSync());
  return Float64Array.from(coarse, (error, i) => Math.log2(error / fine[i]));
}
