import { jvp } from "@pushforward/autodiff";
import { onesLike, squaredNorm, sub } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";

/**
 * Flow map matching without a teacher. The map takes the pair's point X_t back to y, and forward from y to time t. The end point
 * must equal X_t and must move with the pair's velocity.
 *
 *   L = ‖ ∂ₜΦ(y, s, t) − Ẋ_t ‖² + ‖ Φ(y, s, t) − X_t ‖²,     y = Φ(X_t, t, s),  Ẋ_t = X_1 − X_0
 *
 * ∂ₜ keeps y constant. Times come in both orders, so that the second term makes the map its own inverse. Then Φ(y, s, t) is X_t,
 * where the pair's velocity is a sample with mean v_t. The minimum of the first term is tr C_t, not zero.
 */
export const flowMapMatching = defineLoss({
  name: "flowMapMatching",
  label: "Flow map matching (FMM)",
  family: "forward",
  learns: "flowMap",
  needs: [],
  stops: [],
  optimum: "stationary",
  conditionalVelocity: "unused",
  times: "any",
  timeLaw: { kind: "square" },
  tangent: "(0, 0, 1) in (x, s, t), differentiated",
  formula: String.raw`\left\lVert \partial_t \Phi(y, s, t) - (X_1 - X_0) \right\rVert^2 + \left\lVert \Phi(y, s, t) - X_t \right\rVert^2,\ y = \Phi(X_t, t, s)`,
  paper: { cite: "Boffi et al. 2024", arxiv: "2406.07507" },
  grade: "B",
  departs: ["The paper reports that a bound on |t − s| that grows during the training helps; there is none here."],

  loss({ phi, noise, data, s, t }) {
    const xt = t.mul(data).add(sub(1, t).mul(noise));
    const y = phi(xt, t, s);
    const [P, dP] = jvp((end: typeof t) => phi(y, s, end), [t], [onesLike(t)]);
    return squaredNorm(dP.sub(data.sub(noise))).add(squaredNorm(P.sub(xt)));
  },
});
