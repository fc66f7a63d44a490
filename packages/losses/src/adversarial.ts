import { checkPoints, checkSameShape } from "@pushforward/flows";
import { add, mul, neg, softplus, sub, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { mostLevels } from "./dmd.ts";
import { fromNoise, sharedMetadata } from "./generatedSample.ts";

/**
 * Adversarial term: noised samples must look like noised data to a critic.
 *
 *   L = log(1 + e^{−C(X_t, t)}),   X_t = t·G(X_s, s) + (1 − t)·X_0
 */
export const adversarial = defineLoss({
  ...sharedMetadata,
  name: "adversarial",
  label: "Adversarial (diffusion GAN)",
  needs: ["critic", "freshNoise"],
  stops: [],
  // With the exact critic, which is 0 everywhere then.
  optimum: "stationary",
  timeLaw: fromNoise(mostLevels),
  formula: String.raw`\log\left(1 + e^{-C(X_t, t)}\right)`,
  paper: { cite: "Yin et al. 2024", arxiv: "2405.14867" },
  grade: "A",

  loss({ generator, critic, freshNoise, xs, s, t }) {
    const xt = add(mul(t, generator(xs, s)), mul(sub(1, t), freshNoise));
    return softplus(neg(critic(xt, t)));
  },
});

/**
 * What the critic minimises: logistic regression of data against samples. Its optimum is the log density ratio
 * C = log(ρ_t/ρ^θ_t).
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
