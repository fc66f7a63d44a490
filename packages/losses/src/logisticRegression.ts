import { checkPoints, checkSameShape } from "@pushforward/flows";
import { neg, softplus, type Tensor } from "@pushforward/tensor";

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
