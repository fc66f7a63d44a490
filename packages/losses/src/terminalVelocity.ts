import { stopGradient } from "@pushforward/autodiff";
import { firstOrderFlowMap } from "@pushforward/flows";
import { squaredNorm, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { forwardResidual } from "./residuals.ts";

/**
 * Terminal velocity matching: the map must leave its end with the velocity that the averaged network has there.
 *
 *   L = ‖ ∂ₜΦ(X_s, s, t) − sg[ Ū(P, t, t) ] ‖²,     P = Φ(X_s, s, t)
 *
 * Ū has slowly averaged parameters; with the student in its place this is LSD. The derivative in the end time is itself differentiated. A recipe adds
 * flow matching at times of its own. The paper's time runs from data to noise, and its terminal time is s.
 *
 * @source Zhou et al. 2025, official code, training/wrapper.py: TVMWrapper.forward
 */
export const terminalVelocity = defineLoss({
  name: "terminalVelocity",
  label: "Terminal velocity matching (TVM)",
  family: "forward",
  learns: "averageVelocity",
  needs: ["ema"],
  stops: ["velocity"],
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "any",
  timeLaw: { kind: "intervalLogitNormal", mean: -0.8, std: 1, end: { mean: 0.4, std: 1 } },
  tangent: "(0, 0, 1) in (x, s, t), differentiated",
  formula: String.raw`\left\lVert \partial_t \Phi(X_s, s, t) - \sg{velocity}{\bar U(\Phi(X_s, s, t), t, t)} \right\rVert^2`,
  paper: { cite: "Zhou et al. 2025", arxiv: "2511.19797" },
  grade: "A",
  departs: [
    "The code scales the network by the weight of its guidance and the loss by its inverse; here the network has no such scale.",
  ],

  loss({ u, ema, xs, s, t }) {
    const velocity = (x: Tensor, time: Tensor): Tensor => stopGradient(ema(x, time, time), "velocity");
    return squaredNorm(forwardResidual(firstOrderFlowMap(u), velocity, xs, s, t));
  },
});
