import type { Recipe } from "@pushforward/losses";
import {
  clip,
  div,
  equal,
  exp,
  floor,
  iota,
  matmul,
  maximum,
  minimum,
  mul,
  neg,
  softplus,
  sub,
  sum,
  type Tensor,
} from "@pushforward/tensor";

/** Logits and ratios of densities stay within these. @source Xu et al. 2025 (f-distill), appendix, as re-implemented in FastGen */
const [logitBound, ratioRange] = [10, [0.1, 20] as const];

/** e^C within its bounds. */
const boundedRatio = (logit: Tensor): Tensor => clip(exp(clip(logit, -logitBound, logitBound)), ...ratioRange);

/** Tenths of the times among which a ratio is divided by its mean. @source official code of f-distill: bin_num 10 */
const timeBins = 10;

/** Pixels of the pictures that Uni-Instruct's code sums its adversarial loss over: 32 × 32 × 3. */
const releasedPixels = 3072;

/** R by the kinds of a recipe, from the logits [batch] of a critic at times [batch, 1]. */
export const ratios = {
  paper: boundedRatio,
  binned: (logit, t) => overMeanOfBin(boundedRatio(logit), t),
  /**
   * −L/(1 − L) with the sum L of log(1 + e^{−C}) over all pixels, the number of which makes it 1.
   *
   * @source official code, fsim_training_loop.py: density_ratio
   */
  released: (logit) => {
    const total = mul(releasedPixels, softplus(neg(clip(logit, -logitBound, logitBound))));
    return div(total, sub(total, 1));
  },
} as const satisfies Record<Recipe["ratio"], (logit: Tensor, t: Tensor) => Tensor>;

/** Values [batch] over their mean among the rows whose time lies in the same tenth of [0, 1]. */
function overMeanOfBin(values: Tensor, t: Tensor): Tensor {
  const bins = iota([1, timeBins], 1).cast(values.dtype);
  const bin = minimum(floor(mul(t, timeBins)), timeBins - 1);
  const isIn = equal(bin, bins).cast(values.dtype);
  const means = div(matmul(values, isIn), maximum(sum(isIn, 0), 1));
  return div(values, matmul(isIn, means));
}
