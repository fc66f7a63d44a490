import { jvp } from "@pushforward/autodiff";
import { firstOrderFlowMap } from "@pushforward/flows";
import { onesLike, squaredNorm, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import type { BodyInput } from "./lossTypes.ts";
import { type StopOption, stopAt, unstopped } from "./stopAt.ts";

/** ‖ ∂ₛΦ + ∇Φ·b ‖² with b = U(X_s, s, s), with or without stop-gradients on b and on ∇Φ·b. */
const eulerian =
  (cutVelocity: StopOption, cutAdvection: StopOption) =>
  ({ u, xs, s, t }: BodyInput<"averageVelocity", never>): Tensor => {
    const phi = firstOrderFlowMap(u);
    const b = cutVelocity(u(xs, s, s));
    const [, dPds] = jvp((from: Tensor) => phi(xs, from, t), [s], [onesLike(s)]);
    const [, advection] = jvp((x: Tensor) => phi(x, s, t), [xs], [b]);
    return squaredNorm(dPds.add(cutAdvection(advection)));
  };

const shared = {
  family: "backward",
  learns: "averageVelocity",
  needs: [],
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "any",
  timeLaw: { kind: "uniformTriangle" },
  paper: { cite: "Boffi et al. 2025", arxiv: "2505.18825" },
  grade: "A",
} as const;

/**
 * Eulerian self-distillation: the backward loss with the map's own diagonal as velocity. Only ∂ₛΦ is differentiated (the paper's
 * "full" placement of stop-gradients).
 *
 *   L = ‖ ∂ₛΦ(X_s, s, t) + sg[ ∇Φ(X_s, s, t)·b ] ‖²,     b = sg[ U(X_s, s, s) ]
 *
 * A recipe adds flow matching on the diagonal.
 */
export const esd = defineLoss({
  ...shared,
  name: "esd",
  label: "ESD (full)",
  stops: ["velocity", "advection"],
  tangent: "(0, 1, 0) differentiated and (u, 0, 0) stopped, in (x, s, t)",
  formula: String.raw`\left\lVert \partial_s \Phi(X_s, s, t) + \sg{advection}{\nabla \Phi(X_s, s, t)\, \sg{velocity}{U(X_s, s, s)}} \right\rVert^2`,
  loss: eulerian(stopAt("velocity"), stopAt("advection")),
});

/** The same value as esd; only the velocity is a fixed target. */
export const esdConvex = defineLoss({
  ...shared,
  name: "esdConvex",
  label: "ESD (convex)",
  stops: ["velocity"],
  tangent: "(0, 1, 0) and (u, 0, 0) in (x, s, t), both differentiated, u stopped",
  formula: String.raw`\left\lVert \partial_s \Phi(X_s, s, t) + \nabla \Phi(X_s, s, t)\, \sg{velocity}{U(X_s, s, s)} \right\rVert^2`,
  loss: eulerian(stopAt("velocity"), unstopped),
});

/** The same value as esd with the whole gradient. */
export const esdNone = defineLoss({
  ...shared,
  name: "esdNone",
  label: "ESD (no stop-gradient)",
  stops: [],
  tangent: "(0, 1, 0) and (u, 0, 0) in (x, s, t), both differentiated",
  formula: String.raw`\left\lVert \partial_s \Phi(X_s, s, t) + \nabla \Phi(X_s, s, t)\, U(X_s, s, s) \right\rVert^2`,
  loss: eulerian(unstopped, unstopped),
});
