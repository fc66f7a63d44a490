import { type Tensor, tensor } from "@pushforward/tensor";

/**
 * Nodes and weights for expectations under N(0, 1): E f = Σ wᵢ f(xᵢ), exact for polynomials below degree 2n.
 *
 * Nodes are roots of He_n by Newton with deflation, He_{k+1} = x·He_k − k·He_{k−1}, scaled by √k! against overflow.
 *
 * @source Abramowitz and Stegun, 25.4.46, for the weight e^{−x²/2}/√(2π)
 */
export function gaussHermite(n: number): { nodes: number[]; weights: number[] } {
  // h_k = He_k/√k!, so that h_n′ = √n·h_{n−1} and the weights are 1/(n·h_{n−1}²).
  const at = (x: number): [last: number, before: number] => {
    let [before, last] = [0, 1];
    for (let k = 0; k < n; k++) [before, last] = [last, (x * last - Math.sqrt(k) * before) / Math.sqrt(k + 1)];
    return [last, before];
  };
  const nodes: number[] = [];
  for (let i = 0; i < n; i++) {
    let x = i === 0 ? Math.sqrt(4 * n + 2) : nodes[i - 1] - 1e-3;
    for (let step = 0; step < 500; step++) {
      const [value, before] = at(x);
      const found = nodes.reduce((sum, node) => sum + 1 / (x - node), 0);
      const move = value / (Math.sqrt(n) * before - value * found);
      x -= move;
      if (Math.abs(move) < 1e-15 * (1 + Math.abs(x))) break;
    }
    nodes.push(x);
  }
  return { nodes, weights: nodes.map((x) => 1 / (n * at(x)[1] ** 2)) };
}

/** Pairs of nodes for a double expectation, columns [n², 1], and their weights [n²]. */
export function nodePairs(n: number): { first: Tensor; second: Tensor; weights: Tensor } {
  const { nodes, weights } = gaussHermite(n);
  const pairs = nodes.flatMap((x, i) => nodes.map((y, j) => [x, y, weights[i] * weights[j]]));
  return {
    first: tensor(pairs.map(([x]) => [x])),
    second: tensor(pairs.map(([, y]) => [y])),
    weights: tensor(pairs.map(([, , weight]) => weight)),
  };
}
