import { add, mul, optionsOf, sub } from "@pushforward/tensor";
import { checkNumber } from "../checkNumber.ts";
import { type LearningRate, leafwise, type Optimizer } from "./optimizer.ts";

/** Settings of sgd. */
export interface SgdOptions {
  readonly learningRate: LearningRate;
  /** μ in [0, 1); default 0. */
  readonly momentum?: number;
  /** Whether to use Nesterov's look-ahead along the momentum; default false. */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent with momentum.
 *
 *   b ← μ b + g;   p ← p − η b,   or with Nesterov's look ahead   p ← p − η (g + μ b)
 *
 * @source Sutskever et al. 2013, in the form of PyTorch's torch.optim.SGD (dampening 0)
 */
export function sgd(options: SgdOptions): Optimizer {
  const { learningRate, momentum = 0, nesterov = false } = optionsOf("sgd", options, "nesterov");
  checkNumber("sgd", "momentum", momentum, { from: 0, below: 1 });
  if (momentum === 0) {
    return leafwise({
      name: "sgd",
      learningRate,
      slots: [],
      leaf: ({ p, g, learningRate: eta }) => ({ p: sub(p, mul(eta, g)), slots: {} }),
    });
  }
  return leafwise({
    name: "sgd",
    learningRate,
    slots: ["momentum"],
    leaf: ({ p, g, slots, learningRate: eta }) => {
      const b = add(mul(momentum, slots.momentum), g);
      const direction = nesterov ? add(g, mul(momentum, b)) : b;
      return { p: sub(p, mul(eta, direction)), slots: { momentum: b } };
    },
  });
}
