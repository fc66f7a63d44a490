import { jvp, stopGradient } from "@pushforward/autodiff";
import { firstOrderFlowMap } from "@pushforward/flows";
import { onesLike, squaredNorm, type Tensor, zerosLike } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";

/**
 * SGFlow: the backward residual along the velocity of one sample, less the variance that this velocity adds. The mean velocity is the network's own,
 * stopped.
 *
 *   L = ‖ ∂ₛΦ + ∇Φ·v ‖² − ‖ ∇Φ·(v − sg[ U(X_s, s, s) ]) ‖²,     Φ = Φ(X_s, s, t)
 *
 * Where U(X_s, s, s) is the mean of v, the mean of L is the whole backward loss along this mean. At t = s the gradient is that of flow matching. The
 * stop-gradient makes L the gradient of no potential; the exact map is its stationary point. A recipe adds flow matching on the diagonal.
 */
export const sgFlow = defineLoss({
  name: "sgFlow",
  label: "SGFlow",
  family: "backward",
  learns: "averageVelocity",
  needs: [],
  stops: ["velocity"],
  optimum: "zero",
  conditionalVelocity: "unbiased",
  times: "sorted",
  timeLaw: { kind: "uniformTriangle" },
  tangent: "of Φ along (v, 1, 0) and (v − U(x, s, s), 0, 0) in (x, s, t), differentiated",
  formula: String.raw`\left\lVert \partial_s \Phi + \nabla \Phi \cdot v \right\rVert^2 - \left\lVert \nabla \Phi \cdot (v - \sg{velocity}{U(X_s, s, s)}) \right\rVert^2`,
  paper: null,
  grade: "C",
  departs: [
    "The source is Goldstein et al., Flow Map Learning via Non-Gradient Vector Flow, ICLR 2026; its formula was read in a summary, since the paper itself was not at hand.",
    "Times and the fraction on the diagonal are ours, because the paper's were not found.",
  ],

  loss({ u, xs, v, s, t }) {
    const phi = firstOrderFlowMap(u);
    const [, residual] = jvp(phi, [xs, s, t], [v, onesLike(s), zerosLike(t)]);
    const own = stopGradient(u(xs, s, s), "velocity");
    const [, spread] = jvp((x: Tensor) => phi(x, s, t), [xs], [v.sub(own)]);
    return squaredNorm(residual).sub(squaredNorm(spread));
  },
});
