import { stopGradient } from "@pushforward/autodiff";
import { squaredNorm } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";

/**
 * Progressive flow map matching: one step of the student equals two steps of a map trained before.
 *
 *   L = ‖ Φ(X_s, s, t) − sg[ Φ̌(Φ̌(X_s, s, r), r, t) ] ‖²,     s ≤ r ≤ t
 *
 * Φ̌ is the frozen map: a solver step in the first stage, then the student of the previous stage. The loss is tri-consistency
 * with the steps of Φ̌.
 */
export const progressiveFlowMapMatching = defineLoss({
  name: "progressiveFlowMapMatching",
  label: "Progressive flow map matching (PFMM)",
  family: "triConsistency",
  learns: "flowMap",
  needs: ["teacherMap", "r"],
  stops: ["target"],
  // With an exact map as teacher.
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "sorted",
  timeLaw: { kind: "uniformTriangle", middle: { kind: "midpoint" } },
  tangent: null,
  formula: String.raw`\left\lVert \Phi(X_s, s, t) - \sg{target}{\check\Phi(\check\Phi(X_s, s, r), r, t)} \right\rVert^2`,
  paper: { cite: "Boffi et al. 2024", arxiv: "2406.07507" },
  grade: "B",

  loss({ phi, teacherMap, xs, s, r, t }) {
    const target = stopGradient(teacherMap(teacherMap(xs, s, r), r, t), "target");
    return squaredNorm(phi(xs, s, t).sub(target));
  },
});
