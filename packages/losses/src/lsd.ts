import { firstOrderFlowMap } from "@pushforward/flows";
import { squaredNorm, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import type { BodyInput } from "./lossTypes.ts";
import { forwardResidual } from "./residuals.ts";
import { type StopOption, stopAt, unstopped } from "./stopAt.ts";

/** ‖ ∂ₜΦ(X_s, s, t) − U(P, t, t) ‖² at P = Φ(X_s, s, t), with or without a stop-gradient on the velocity. */
const lagrangian =
  (cut: StopOption) =>
  ({ u, xs, s, t }: BodyInput<"averageVelocity", never>): Tensor =>
    squaredNorm(forwardResidual(firstOrderFlowMap(u), (x, time) => cut(u(x, time, time)), xs, s, t));

const shared = {
  family: "forward",
  learns: "averageVelocity",
  needs: [],
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "any",
  timeLaw: { kind: "uniformTriangle" },
  tangent: "(0, 0, 1) in (x, s, t), differentiated",
  paper: { cite: "Boffi et al. 2025", arxiv: "2505.18825" },
  grade: "A",
} as const;

/**
 * Lagrangian self-distillation: the local forward loss with the map's own diagonal as velocity and fixed target (the paper's
 * "convex" placement).
 *
 *   L = ‖ ∂ₜΦ(X_s, s, t) − sg[ U(P, t, t) ] ‖²,     P = Φ(X_s, s, t)
 *
 * A recipe adds flow matching on the diagonal.
 */
export const lsd = defineLoss({
  ...shared,
  name: "lsd",
  label: "LSD (convex)",
  stops: ["velocity"],
  formula: String.raw`\left\lVert \partial_t \Phi(X_s, s, t) - \sg{velocity}{U(\Phi(X_s, s, t), t, t)} \right\rVert^2`,
  loss: lagrangian(stopAt("velocity")),
});

/** The same value as lsd; the gradient also passes through the velocity and its point. */
export const lsdNone = defineLoss({
  ...shared,
  name: "lsdNone",
  label: "LSD (no stop-gradient)",
  stops: [],
  formula: String.raw`\left\lVert \partial_t \Phi(X_s, s, t) - U(\Phi(X_s, s, t), t, t) \right\rVert^2`,
  loss: lagrangian(unstopped),
});
