import { jvp, stopGradient } from "@pushforward/autodiff";
import { firstOrderFlowMap } from "@pushforward/flows";
import { onesLike, squaredNorm, zerosLike } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";

/**
 * Consistency in continuous time: the limit of consistency distillation and training for short steps, with a derivative in place
 * of the difference.
 *
 *   L = ‖ Φ(X_s, s, 1) − sg[ Φ(X_s, s, 1) + d/ds Φ(X_s, s, 1) ] ‖²,     d/ds Φ = v − U + (1 − s)·d/ds U
 *
 * The gradient is 1 − s times the gradient of MeanFlow with t = 1. It is linear in the velocity, so v may be the teacher's
 * (distillation) or the velocity of one sample (training). An averaged network in the target would add a term for its distance from
 * the student.
 */
export const continuousConsistency = defineLoss({
  name: "continuousConsistency",
  label: "Continuous-time consistency",
  family: "backward",
  learns: "averageVelocity",
  needs: [],
  stops: ["target"],
  optimum: "zero",
  conditionalVelocity: "unbiased",
  times: "any",
  timeLaw: { kind: "fixedEnd", start: { kind: "uniform" } },
  tangent: "(v, 1, 0) in (x, s, t) at t = 1, stopped",
  along: true,
  formula: String.raw`\left\lVert \Phi(X_s, s, 1) - \sg{target}{\Phi(X_s, s, 1) + \tfrac{d}{ds} \Phi(X_s, s, 1)} \right\rVert^2`,
  paper: { cite: "Song et al. 2023", arxiv: "2303.01469" },
  grade: "C",
  departs: [
    "The grade is that of the paper: openai/consistency_models, the official code, has no loss in continuous time.",
    "The averaged network of the target is the student itself.",
  ],

  loss({ u, xs, v, along = v, s }) {
    const end = onesLike(s);
    const [P, dP] = jvp(firstOrderFlowMap(u), [xs, s, end], [along, onesLike(s), zerosLike(end)]);
    return squaredNorm(P.sub(stopGradient(P.add(dP), "target")));
  },
});
