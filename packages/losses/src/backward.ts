import { squaredNorm } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { meanFlow } from "./meanFlow.ts";
import { backwardResidual } from "./residuals.ts";

const shared = {
  family: "backward",
  needs: ["teacher"],
  optimum: "zero",
  conditionalVelocity: "unused",
  timeLaw: { kind: "uniformTriangle" },
  paper: { cite: "Boffi et al. 2024", arxiv: "2406.07507" },
  grade: "B",
} as const;

/**
 * Backward (Eulerian) loss: the end point must not change when the start moves along the teacher's flow.
 *
 *   L = ‖ ∂ₛΦ(X_s, s, t) + ∇ₓΦ(X_s, s, t)·v_s(X_s) ‖²
 *
 * Both derivatives are differentiated, so the loss is quadratic in v. The velocity of one sample would add a variance that
 * depends on the parameters, so the loss needs the teacher's velocity.
 */
export const backwardExact = defineLoss({
  ...shared,
  name: "backwardExact",
  label: "Backward (EMD)",
  learns: "flowMap",
  stops: [],
  times: "any",
  tangent: "(v, 1, 0) in (x, s, t), differentiated",
  along: true,
  formula: String.raw`\left\lVert \partial_s \Phi(X_s, s, t) + \nabla \Phi(X_s, s, t)\, v_s(X_s) \right\rVert^2`,

  loss({ phi, teacher, xs, s, t, along = teacher(xs, s) }) {
    return squaredNorm(backwardResidual(phi, along, xs, s, t));
  },
});

/**
 * The same value as backwardExact, with the derivative as a fixed target. This is MeanFlow with the teacher's velocity.
 *
 *   L = ‖ U(X_s, s, t) − sg[ v_s(X_s) + (t − s) · d/ds U(X_s, s, t) ] ‖²
 */
export const backwardSemi = defineLoss({
  ...shared,
  name: "backwardSemi",
  label: "Backward, semi-gradient",
  grade: "C",
  learns: "averageVelocity",
  stops: ["target"],
  times: "sorted",
  tangent: "(v, 1, 0) in (x, s, t), stopped",
  along: true,
  formula: String.raw`\left\lVert U(X_s, s, t) - \sg{target}{v_s(X_s) + (t - s) \tfrac{d}{ds} U(X_s, s, t)} \right\rVert^2`,

  loss({ teacher, ...input }) {
    return meanFlow.loss({ ...input, v: teacher(input.xs, input.s) });
  },
});
