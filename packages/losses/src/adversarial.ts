import { checkPoints, checkSameShape } from "@pushforward/flows";
import { add, mul, neg, softplus, sub, type Tensor } from "@pushforward/tensor";
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

/**
 * The critic's loss: logistic regression of data against samples. The optimal critic is the log density ratio C = log(ρ_t/ρ^θ_t).
 *
 *   log(1 + e^{−C(real)}) + log(1 + e^{C(fake)})
 *
 * @param real logits of noised data, [batch]
 * @param fake logits of noised samples, [batch]
 */
export function logisticRegression(real: Tensor, fake: Tensor): Tensor {
  checkPoints("logisticRegression", real, undefined, "real", "[batch]");
  checkSameShape("logisticRegression", "fake", fake, real, " like real");
  return softplus(neg(real)).add(softplus(fake));
}
