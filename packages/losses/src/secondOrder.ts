import { jvp, stopGradient } from "@pushforward/autodiff";
import { onesLike, squaredNorm, zerosLike } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";

/**
 * The backward loss of the second-order form Φ = x + (t − s)·v_s(x) + (t − s)²·N, whose diagonal is the teacher's velocity for
 * every N.
 *
 *   L = ‖ 2N(X_s, s, t) − sg[ d/ds v_s(X_s) + (t − s)·d/ds N(X_s, s, t) ] ‖²
 *
 * The difference is the residual v − U + (t − s)·d/ds U with U = v + (t − s)·N, divided by t − s. The input `u` is N. At t = s
 * the exact N is half the acceleration. The derivative passes through the teacher, which must be differentiable in the point and
 * the time.
 */
export const secondOrder = defineLoss({
  name: "secondOrder",
  label: "Second-order form",
  family: "backward",
  learns: "secondOrder",
  needs: ["teacher"],
  stops: ["target"],
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "sorted",
  timeLaw: { kind: "uniformTriangle" },
  tangent: "(v, 1) in (x, s) of v and (v, 1, 0) in (x, s, t) of N, stopped",
  formula: String.raw`\left\lVert 2 N(X_s, s, t) - \sg{target}{\tfrac{d}{ds} v_s(X_s) + (t - s) \tfrac{d}{ds} N(X_s, s, t)} \right\rVert^2`,
  // The slides cite [Liu24], which was not found.
  paper: null,
  grade: "C",
  departs: [
    "The source is the slides, which cite [Liu24]. That work was not found, and Liu et al. 2022 (rectified flow) has nothing of this form.",
    "The slides give a form and no loss. This is the backward residual of the form over t − s, with a stop-gradient on everything except 2N.",
    "The velocity is taken at the start time; some slides write v at the end time.",
  ],

  loss({ u, teacher, xs, s, t }) {
    const v = teacher(xs, s);
    const [, dv] = jvp(teacher, [xs, s], [v, onesLike(s)]);
    const [N, dN] = jvp(u, [xs, s, t], [v, onesLike(s), zerosLike(t)]);
    const target = stopGradient(dv.add(t.sub(s).mul(dN)), "target");
    return squaredNorm(N.mul(2).sub(target));
  },
});
