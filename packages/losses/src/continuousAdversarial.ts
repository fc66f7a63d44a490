import { jvp } from "@pushforward/autodiff";
import { onesLike, square, sub } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";

/**
 * Continuous adversarial flow matching: a critic must not distinguish the network's velocity from those of single samples. It sees a velocity
 * only by the derivative J of its number C along the path that goes on with it.
 *
 *   L = (J − 1)²,     J = ∇C(X_s, s)·U(X_s, s, s) + ∂_sC(X_s, s) = jvp of C along (U(X_s, s, s), 1)
 *
 * The critic's loss is `tangentRegression`. Where the mean of the velocities of single samples is the network's, its best J is 0, and L has no gradient.
 *
 * @source Lin et al. 2026, official code, train_continuous_adversarial_flow_imagenet.py: training_step
 */
export const continuousAdversarial = defineLoss({
  name: "continuousAdversarial",
  label: "Continuous adversarial flow (CAFM)",
  family: "flowMatching",
  learns: "velocity",
  needs: ["critic"],
  stops: [],
  // With the best critic, which is then a constant.
  optimum: "stationary",
  conditionalVelocity: "unused",
  times: "any",
  timeLaw: { kind: "diagonal", start: { kind: "uniform" } },
  tangent: "(U(x, s, s), 1) in (x, s) of C, differentiated",
  formula: String.raw`\left\lVert \nabla C(X_s, s)\, U(X_s, s, s) + \partial_s C(X_s, s) - 1 \right\rVert^2`,
  paper: { cite: "Lin et al. 2026", arxiv: "2604.11521" },
  grade: "A",

  loss({ u, critic, xs, s }) {
    const [, J] = jvp(critic, [xs, s], [u(xs, s, s), onesLike(s)]);
    return square(sub(J, 1));
  },
});
