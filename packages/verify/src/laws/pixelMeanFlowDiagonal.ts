import { pmfVelocity } from "@pushforward/flows";
import { losses } from "@pushforward/losses";
import { maximum, mul, reshape, square, squaredNorm, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, rowJets } from "../lossInstance.ts";
import { type RowParameters, rowAverageVelocity } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const { noise, data } = samples;
  const loss = isBroken ? losses.improvedMeanFlow : losses.pixelMeanFlow;
  /** Both sides at a time: the loss on the diagonal, and the error of the predicted data. */
  const gapsAt = (s: Tensor): Float64Array => {
    const xs = sub(data, mul(sub(1, s), sub(data, noise)));
    const divisor = maximum(sub(1, s), 0.05);
    const value = (p: RowParameters): Tensor => {
      const u = pmfVelocity(rowAverageVelocity(p));
      return loss.loss({ u, unconditional: u, noise, data, xs, s, t: s, v: sub(data, noise) });
    };
    const error = (p: RowParameters): Tensor => squaredNorm(sub(rowAverageVelocity(p)(xs, s, s), data));
    const weight = square(divisor);
    return rowGaps(
      mul(weight, rowJets(value, parameters)),
      rowJets((p) => reshape(error(p), [n]), parameters),
    );
  };
  // Times on both sides of 0.95, where the divisor stops to fall.
  return worstOf(gapsAt(draws.uniforms([n, 1], 0, 0.9)), gapsAt(draws.uniforms([n, 1], 0.96, 0.99)));
}

/** On the diagonal pixel MeanFlow is regression of its predicted data. */
export const pixelMeanFlowDiagonal = defineLaw({
  name: "pixelMeanFlowDiagonal",
  title: "Pixel MeanFlow on the diagonal",
  statement:
    "At t = s, without guidance, pixel MeanFlow is the squared error of the data that the network predicts, over max(1 − s, 0.05)², in value and gradient.",
  formula: String.raw`\mathcal L_{\mathrm{pMF}}(s, s) = \frac{\lVert D(X_s, s, s) - X_1\rVert^2}{\max(1 - s, 0.05)^2},\qquad U = \frac{D - X_s}{\max(1 - s, 0.05)}`,
  bound: 1e-12,
  broken: "the velocity of the target is X_1 − X_0 near the data, too",
  ...rowByRow(instances, 8),
});
