import { stopGradient } from "@pushforward/autodiff";
import { minimum, squaredNorm } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { perSample } from "./perSample.ts";
import { ratioOr } from "./ratioOr.ts";

/**
 * Backward loss by a finite difference: the map from X_s must agree with the map from the point one step further along the
 * velocity.
 *
 *   L = 1/δ · ‖ Φ(X_s, s, t) − sg[ Φ(X_s + δv, s + δ, t) ] ‖²
 *
 * δ is at most (t − s)/2, and the quotient uses the clipped δ. As δ → 0 the gradient becomes (t − s) times MeanFlow's.
 */
export const backwardFiniteDifference = defineLoss({
  name: "backwardFiniteDifference",
  label: "Backward, finite difference",
  family: "backward",
  learns: "flowMap",
  needs: ["delta"],
  stops: ["target"],
  // The Euler step of length δ misses the path by O(δ²).
  optimum: "biased",
  conditionalVelocity: "biased",
  times: "sorted",
  timeLaw: { kind: "uniformTriangle", delta: 0.01 },
  tangent: null,
  formula: String.raw`\tfrac{1}{\delta} \left\lVert \Phi(X_s, s, t) - \sg{target}{\Phi(X_s + \delta v, s + \delta, t)} \right\rVert^2`,
  paper: { cite: "Song et al. 2023", arxiv: "2303.01469" },
  grade: "C",

  loss({ phi, xs, v, s, t, delta }) {
    const step = minimum(delta, t.sub(s).mul(0.5));
    const target = stopGradient(phi(xs.add(step.mul(v)), s.add(step), t), "target");
    const squared = squaredNorm(phi(xs, s, t).sub(target));
    return ratioOr(squared, perSample(step, xs), 0);
  },
});
