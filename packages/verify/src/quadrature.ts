import { fromData, type Tensor } from "@pushforward/tensor";

/** Points and weights of a quadrature rule. */
export interface Rule {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
}

/** P_n(x) and its derivative by the three-term recurrence. */
function legendre(n: number, x: number): [value: number, slope: number] {
  let [before, value] = [1, x];
  for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return [value, (n * (x * value - before)) / (x * x - 1)];
}

/**
 * Gauss–Legendre rule on [0, 1], exact for polynomials of degree 2·count − 1; roots by Newton's method.
 *
 * @source Abramowitz and Stegun, 25.4.29 and 25.4.30
 */
export function gaussLegendre(count: number): Rule {
  const roots = Array.from({ length: count }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    for (let step = 0; step < 10; step++) {
      const [value, slope] = legendre(count, x);
      x -= value / slope;
    }
    return x;
  });
  return {
    nodes: roots.map((x) => 0.5 * (1 - x)),
    weights: roots.map((x) => 1 / ((1 - x * x) * legendre(count, x)[1] ** 2)),
  };
}

/** A rule's nodes as a column of times [count, 1]. */
export const timesOf = ({ nodes }: Rule): Tensor => fromData(Float64Array.from(nodes), [nodes.length, 1]);

/** Σ weights·values. */
export const integral = ({ weights }: Rule, values: ArrayLike<number>): number =>
  weights.reduce((sum, weight, i) => sum + weight * values[i], 0);

/**
 * Points and weights for expectations over N(0, I): the trapezoidal rule, whose error for entire integrands falls like
 * e^{−2π²/step²}.
 *
 * @param dim   number of coordinates
 * @param step  distance of neighbouring points
 * @param reach largest coordinate; the mass beyond 8.5 is 10⁻¹⁷
 * @source Trefethen and Weideman 2014, SIAM Review 56(3)
 */
export function normalGrid(dim: number, step = 0.5, reach = 8.5): { points: Tensor; weights: Tensor } {
  const half = Math.floor(reach / step);
  const line = Array.from({ length: 2 * half + 1 }, (_, i) => (i - half) * step);
  const count = line.length ** dim;
  const [points, weights] = [new Float64Array(count * dim), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    let [rest, square] = [i, 0];
    for (let k = 0; k < dim; k++) {
      const z = line[rest % line.length];
      rest = Math.floor(rest / line.length);
      points[i * dim + k] = z;
      square += z * z;
    }
    weights[i] = (step / Math.sqrt(2 * Math.PI)) ** dim * Math.exp(-square / 2);
  }
  return { points: fromData(points, [count, dim]), weights: fromData(weights, [count]) };
}
