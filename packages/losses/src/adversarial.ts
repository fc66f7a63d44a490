import { add, mul, neg, softplus, sub } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { mostLevels } from "./dmd.ts";
import { fromNoise, sharedMetadata } from "./generatedSample.ts";

/**
 * Adversarial term: a critic must not distinguish noised samples from noised data.
 *
 *   L = log(1 + e^{−C(X_t, t)}),   X_t = t·G(X_s, s) + (1 − t)·X_0
 */
export const adversarial = defineLoss({
  ...sharedMetadata,
  name: "adversarial",
  label: "Adversarial (diffusion GAN)",
  needs: ["critic", "freshNoise"],
  stops: [],
  // With the exact critic, which is then 0 everywhere.
  optimum: "stationary",
  timeLaw: fromNoise(mostLevels),
  formula: String.raw`\log\left(1 + e^{-C(X_t, t)}\right)`,
  paper: { cite: "Yin et al. 2024", arxiv: "2405.14867" },
  grade: "A",
  departs: ["The critic is a network of its own; in the code it is a head on features of ψ."],

  loss({ generator, critic, freshNoise, xs, s, t }) {
    const xt = add(mul(t, generator(xs, s)), mul(sub(1, t), freshNoise));
    return softplus(neg(critic(xt, t)));
  },
});
