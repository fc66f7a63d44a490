import { squaredNorm, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import type { BodyInput } from "./lossTypes.ts";
import { forwardResidual } from "./residuals.ts";
import { type StopOption, stopAt, unstopped } from "./stopAt.ts";

/** ‖ ∂ₜΦ(X_s, s, t) − v_t(Φ(X_s, s, t)) ‖² with or without a stop-gradient on the velocity. */
const lagrangian =
  (cut: StopOption) =>
  ({ phi, teacher, xs, s, t }: BodyInput<"flowMap", "teacher">): Tensor =>
    squaredNorm(forwardResidual(phi, (x, time) => cut(teacher(x, time)), xs, s, t));

const shared = {
  family: "forward",
  learns: "flowMap",
  needs: ["teacher"],
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "any",
  timeLaw: { kind: "uniformTriangle" },
  tangent: "(0, 0, 1) in (x, s, t), differentiated",
  paper: { cite: "Boffi et al. 2024", arxiv: "2406.07507" },
  grade: "B",
} as const;

/**
 * Local forward (Lagrangian) loss: the end point of the map must move with the teacher's velocity.
 *
 *   L = ‖ ∂ₜΦ(X_s, s, t) − v_t(Φ(X_s, s, t)) ‖²
 *
 * The loss needs the velocity at the end point of the map. The velocity of one sample is not defined there.
 */
export const localForward = defineLoss({
  ...shared,
  name: "localForward",
  label: "Local forward (LMD)",
  stops: [],
  formula: String.raw`\left\lVert \partial_t \Phi(X_s, s, t) - v_t(\Phi(X_s, s, t)) \right\rVert^2`,
  loss: lagrangian(unstopped),
});

/** The same value as localForward, with the velocity as a fixed target, so that no derivative of the teacher is needed. */
export const localForwardSemi = defineLoss({
  ...shared,
  name: "localForwardSemi",
  label: "Local forward, semi-gradient",
  grade: "C",
  stops: ["velocity"],
  formula: String.raw`\left\lVert \partial_t \Phi(X_s, s, t) - \sg{velocity}{v_t(\Phi(X_s, s, t))} \right\rVert^2`,
  loss: lagrangian(stopAt("velocity")),
});
