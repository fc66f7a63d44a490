import { jvp, stopGradient } from "@pushforward/autodiff";
import { onesLike, squaredNorm, zerosLike } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";

/**
 * MeanFlow: the average velocity must agree with its derivative along the path.
 *
 *   L = ‖ U(X_s, s, t) − sg[ v + (t − s) · d/ds U(X_s, s, t) ] ‖²,     d/ds = jvp along (v, 1, 0)
 *
 * The paper runs time from data to noise; its minus in front of d/ds is a plus here. At t = s this is flow matching.
 */
export const meanFlow = defineLoss({
  name: "meanFlow",
  label: "MeanFlow",
  family: "backward",
  learns: "averageVelocity",
  needs: [],
  stops: ["target"],
  optimum: "zero",
  conditionalVelocity: "unbiased",
  times: "sorted",
  timeLaw: { kind: "diagonalMix", fraction: 0.75, law: { kind: "logitNormalPair", mean: 0.4, std: 1 } },
  tangent: "(v, 1, 0) in (x, s, t), stopped",
  along: true,
  formula: String.raw`\left\lVert U(X_s, s, t) - \sg{target}{v + (t - s) \tfrac{d}{ds} U(X_s, s, t)} \right\rVert^2`,
  paper: { cite: "Geng et al. 2025", arxiv: "2505.13447" },
  grade: "A",

  loss({ u, xs, v, along = v, s, t }) {
    const [U, dU] = jvp(u, [xs, s, t], [along, onesLike(s), zerosLike(t)]);
    const target = stopGradient(v.add(t.sub(s).mul(dU)), "target");
    return squaredNorm(U.sub(target));
  },
});
