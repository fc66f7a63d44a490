import { squaredNorm } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";

/**
 * Flow matching: the diagonal of the average velocity regresses on the velocity of one sample.
 *
 *   L = ‖ U(X_s, s, s) − v ‖²
 *
 * With v = X_1 − X_0 the minimiser is the marginal velocity, and the minimum is tr Cov(X_1 − X_0 | X_s), which is not zero.
 */
export const flowMatching = defineLoss({
  name: "flowMatching",
  label: "Flow matching",
  family: "flowMatching",
  learns: "velocity",
  needs: [],
  stops: [],
  optimum: "zero",
  conditionalVelocity: "unbiased",
  times: "any",
  timeLaw: { kind: "diagonal", start: { kind: "uniform" } },
  tangent: null,
  formula: String.raw`\left\lVert U(X_s, s, s) - v \right\rVert^2`,
  paper: { cite: "Lipman et al. 2022", arxiv: "2210.02747" },
  grade: "C",

  loss({ u, xs, v, s }) {
    return squaredNorm(u(xs, s, s).sub(v));
  },
});
