import { jvp, stopGradient } from "@pushforward/autodiff";
import { onesLike, squaredNorm, zerosLike } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import type { GuidanceWeights } from "./lossTypes.ts";
import { meanFlow } from "./meanFlow.ts";

/** κ = 1 − 1/ω at ω = 2. The trainer gives every sample the κ of its own ω. */
const usual: GuidanceWeights = { omega: 1, kappa: 0.5 };

/**
 * Improved MeanFlow: the derivative is taken along the network's own velocity, and the field is guided at a scale ω that the network takes as an
 * input.
 *
 *   L = ‖ U(X_s, s, t) − sg[ v_g + (t − s) · d/ds U(X_s, s, t) ] ‖²,     d/ds = jvp along (U(X_s, s, s), 1, 0)
 *   v_g = v + κ·(U(X_s, s, s) − U°(X_s, s, s)),     κ = 1 − 1/ω
 *
 * The paper writes the loss as ‖ V − v_g ‖² with V = U − (t − s)·sg[d/ds U], which has the same value and gradient. U has a label and U° has none. Without
 * labels U° is U, v_g is v, and the loss is MeanFlow with the tangent of the network: at the exact map its value for v of single samples is the variance of v,
 * whereas MeanFlow's is that variance carried to the end of the map.
 *
 * @source Geng et al. 2025, official code, imf.py: iMeanFlow.forward and guidance_fn
 */
export const improvedMeanFlow = defineLoss({
  ...meanFlow,
  name: "improvedMeanFlow",
  label: "Improved MeanFlow (iMF)",
  needs: ["unconditional"],
  timeLaw: { kind: "diagonalMix", fraction: 0.5, law: { kind: "logitNormalPair", mean: 0.4, std: 1 } },
  along: false,
  tangent: "(U(x, s, s), 1, 0) in (x, s, t), stopped",
  formula: String.raw`\left\lVert U - \sg{target}{v_g + (t - s) \tfrac{d}{ds} U} \right\rVert^2,\ v_g = v + \kappa\, \left( U(X_s, s, s) - U^\circ(X_s, s, s) \right)`,
  paper: { cite: "Geng et al. 2025", arxiv: "2512.02012" },
  departs: [
    "The velocity of the tangent is the network at t = s; the code has a second head for it, with a flow matching loss of its own.",
    "The code draws an interval of guidance for every sample and gives it to the network; here the interval is one of the recipe.",
    "The guided target of the code stays v for a sample that lost its label; here U is then U°, which is the same.",
  ],

  loss({ u, unconditional, guidance = usual, xs, v, s, t }) {
    const own = u(xs, s, s);
    const guided = v.add(own.sub(unconditional(xs, s, s)).mul(guidance.kappa));
    const [U, dU] = jvp(u, [xs, s, t], [own, onesLike(s), zerosLike(t)]);
    return squaredNorm(U.sub(stopGradient(guided.add(t.sub(s).mul(dU)), "target")));
  },
});
