import { maximum, sub } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { improvedMeanFlow } from "./improvedMeanFlow.ts";

/** Least 1 − s by which a prediction of the data is divided. @source official code, pmf.py: jnp.clip(t, 0.05, 1.0) */
const leastNoise = 0.05;

/**
 * Pixel MeanFlow: improved MeanFlow of a network that predicts the data, U = (D − X_s)/max(1 − s, 0.05).
 *
 *   L = ‖ U(X_s, s, t) − sg[ v_g + (t − s) · d/ds U(X_s, s, t) ] ‖²,     d/ds = jvp along (U(X_s, s, s), 1, 0)
 *   v_g = c·v + κ·(U(X_s, s, s) − U°(X_s, s, s)),     c = (1 − s)/max(1 − s, 0.05)
 *
 * c·v is (X_1 − X_s)/max(1 − s, 0.05), the velocity that D = X_1 has. The recipe's form makes U of the prediction.
 *
 * @source Lu et al. 2026, official code, pmf.py: pixelMeanFlow.forward
 */
export const pixelMeanFlow = defineLoss({
  ...improvedMeanFlow,
  name: "pixelMeanFlow",
  label: "Pixel MeanFlow (pMF)",
  timeLaw: { kind: "logitNormalPair", mean: -0.8, std: 0.8 },
  formula: String.raw`\left\lVert U - \sg{target}{v_g + (t - s) \tfrac{d}{ds} U} \right\rVert^2,\ v_g = \tfrac{1 - s}{\max(1 - s, 0.05)} v + \kappa\, \left( U(X_s, s, s) - U^\circ(X_s, s, s) \right)`,
  paper: { cite: "Lu et al. 2026", arxiv: "2601.22158" },
  departs: [
    ...improvedMeanFlow.departs,
    "The perceptual parts of the code, LPIPS and ConvNeXt features of the predicted picture, are left out.",
  ],

  loss({ v, ...input }) {
    const { s } = input;
    const noise = sub(1, s);
    return improvedMeanFlow.loss({ ...input, v: v.mul(noise.div(maximum(noise, leastNoise))) });
  },
});
