/**
 * Nodes and weights of ∫₀¹ f dt ≈ Σ wᵢ f(tᵢ), exact for polynomials below degree 2n: roots of the Legendre polynomial by Newton.
 *
 * @source Abramowitz and Stegun, 25.4.29
 */
export function gaussLegendre(n: number): { nodes: number[]; weights: number[] } {
  const at = (x: number): [value: number, slope: number] => {
    let [before, value] = [1, x];
    for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
    return [value, (n * (x * value - before)) / (x * x - 1)];
  };
  const roots = Array.from({ length: n }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    for (let step = 0; step < 10; step++) x -= at(x)[0] / at(x)[1];
    return x;
  });
  return {
    nodes: roots.map((x) => (1 - x) / 2),
    weights: roots.map((x) => 1 / ((1 - x * x) * at(x)[1] ** 2)),
  };
}
