import { stopGradient } from "@pushforward/autodiff";
import { square, squaredNorm } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { midpoint } from "./midpoint.ts";
import { perSample } from "./perSample.ts";
import { ratioOr } from "./ratioOr.ts";

/**
 * Progressive distillation: one step of the student equals two half steps of its teacher, the student of the previous stage.
 *
 *   L = ‖ U(X_s, s, t) − sg[ (x″ − X_s)/(t − s) ] ‖²,     x″ = Φ̌(Φ̌(X_s, s, m), m, t),  m = (s + t)/2
 *
 * The paper's DDIM step along a variance-preserving path is the Euler step of Φ̌ here, and its data target
 * D̃ = X_s + (1 − s)(x″ − X_s)/(t − s) is the same target in other units; its truncated SNR is a weighting. At t = s the loss is
 * 0.
 */
export const progressiveDistillation = defineLoss({
  name: "progressiveDistillation",
  label: "Progressive distillation",
  family: "triConsistency",
  learns: "flowMap",
  needs: ["teacherMap"],
  stops: ["target"],
  // With an exact map as teacher; the Euler steps of the first teacher leave O(δ²).
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "sorted",
  timeLaw: { kind: "halvingGrid", steps: 16 },
  weighting: { kind: "truncatedSnr" },
  tangent: null,
  formula: String.raw`\left\lVert U(X_s, s, t) - \sg{target}{\tfrac{\check\Phi(\check\Phi(X_s, s, m), m, t) - X_s}{t - s}} \right\rVert^2,\ m = \tfrac{s + t}{2}`,
  paper: { cite: "Salimans and Ho 2022", arxiv: "2202.00512" },
  grade: "A",

  loss({ phi, teacherMap, xs, s, t }) {
    const m = midpoint(s, t);
    const target = stopGradient(teacherMap(teacherMap(xs, s, m), m, t), "target");
    // ‖U − Ũ‖² is ‖Φ − x″‖²/(t − s)²
    return ratioOr(squaredNorm(phi(xs, s, t).sub(target)), square(perSample(t.sub(s), xs)), 0);
  },
});
