/**
 * Adam with rate 1e-3, β 0.9 and 0.999, ε 1e-8; changes the parameters in place.
 *
 * @returns a function that takes the gradients of one step
 */
export function adam(params: readonly Float32Array[]): (grads: readonly Float32Array[]) => void {
  const means = params.map((p) => new Float32Array(p.length));
  const squares = params.map((p) => new Float32Array(p.length));
  let k = 0;
  return (grads) => {
    k++;
    const [c1, c2] = [1 - 0.9 ** k, 1 - 0.999 ** k];
    params.forEach((p, i) => {
      const [m, n, g] = [means[i], squares[i], grads[i]];
      for (let q = 0; q < p.length; q++) {
        m[q] = 0.9 * m[q] + 0.1 * g[q];
        n[q] = 0.999 * n[q] + 0.001 * g[q] * g[q];
        p[q] -= (1e-3 * (m[q] / c1)) / (Math.sqrt(n[q] / c2) + 1e-8);
      }
    });
  };
}
