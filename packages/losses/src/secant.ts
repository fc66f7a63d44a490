import { stopGradient } from "@pushforward/autodiff";
import { firstOrderFlowMap } from "@pushforward/flows";
import { squaredNorm, sub, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";

const shared = {
  family: "forward",
  learns: "averageVelocity",
  // The velocity varies along the path, so its distance from the mean is not zero, but the mean of the gradient is zero.
  optimum: "stationary",
  conditionalVelocity: "unused",
  tangent: null,
  paper: { cite: "Liu and Yue 2025", arxiv: "2505.14502" },
  grade: "A",
} as const;

/** Starts at X_s and estimates the point of the path at r: s ≤ r ≤ t. */
const interior = {
  ...shared,
  times: "sorted",
  timeLaw: { kind: "length", middle: { kind: "uniform" } },
} as const;

/**
 * Starts from the point of the path at r and estimates the point at s. The map also runs backwards in time, so times come in both
 * orders.
 */
const exterior = {
  ...shared,
  times: "any",
  timeLaw: { kind: "length", order: "either", middle: { kind: "uniform" } },
} as const;

/** X_r = r·X_1 + (1 − r)·X_0. */
const pointAt = (noise: Tensor, data: Tensor, r: Tensor): Tensor => r.mul(data).add(sub(1, r).mul(noise));

/**
 * Secant, distillation from the interior: the average velocity regresses on the teacher's velocity at one uniform time r of the
 * path, at the point that the average velocity itself predicts.
 *
 *   L = ‖ U(X_s, s, t) − v_r(x̂_r) ‖²,     x̂_r = sg[ X_s + (r − s)·U(X_s, s, r) ]
 *
 * The mean of v over r is U: the integral of the forward condition, solved by Picard's iteration.
 */
export const sdei = defineLoss({
  ...interior,
  name: "sdei",
  label: "Secant, distilled, interior (SDEI)",
  needs: ["teacher", "r"],
  timeLaw: { ...interior.timeLaw, onGrid: true },
  stops: ["point"],
  formula: String.raw`\left\lVert U(X_s, s, t) - v_r(\hat x_r) \right\rVert^2,\ \hat x_r = \sg{point}{X_s + (r - s)\, U(X_s, s, r)}`,

  loss({ u, teacher, xs, s, r, t }) {
    const xr = stopGradient(firstOrderFlowMap(u)(xs, s, r), "point");
    return squaredNorm(u(xs, s, t).sub(teacher(xr, r)));
  },
});

/**
 * Secant, training from the interior: the network's own diagonal replaces the teacher.
 *
 *   L = ‖ U(X_s, s, t) − sg[ U(x̂_r, r, r) ] ‖²,     x̂_r = X_s + (r − s)·U(X_s, s, r)
 *
 * A recipe adds flow matching on the diagonal.
 */
export const stei = defineLoss({
  ...interior,
  name: "stei",
  label: "Secant, trained, interior (STEI)",
  departs: [
    "The official code passes a frozen network; the current network with a stop-gradient is our reconstruction.",
  ],
  needs: ["r"],
  stops: ["target"],
  formula: String.raw`\left\lVert U(X_s, s, t) - \sg{target}{U(\hat x_r, r, r)} \right\rVert^2,\ \hat x_r = X_s + (r - s)\, U(X_s, s, r)`,

  loss({ u, xs, s, r, t }) {
    const target = stopGradient(u(firstOrderFlowMap(u)(xs, s, r), r, r), "target");
    return squaredNorm(u(xs, s, t).sub(target));
  },
});

/**
 * Secant, distillation from the exterior: the point at r is given, its start is estimated.
 *
 *   L = ‖ U(x̂_s, s, t) − v_r(X_r) ‖²,     x̂_s = sg[ X_r + (s − r)·U(X_r, r, s) ]
 */
export const sdee = defineLoss({
  ...exterior,
  name: "sdee",
  label: "Secant, distilled, exterior (SDEE)",
  needs: ["teacher", "r"],
  stops: ["point"],
  formula: String.raw`\left\lVert U(\hat x_s, s, t) - v_r(X_r) \right\rVert^2,\ \hat x_s = \sg{point}{X_r + (s - r)\, U(X_r, r, s)}`,

  loss({ u, teacher, noise, data, s, r, t }) {
    const xr = pointAt(noise, data, r);
    const xs = stopGradient(firstOrderFlowMap(u)(xr, r, s), "point");
    return squaredNorm(u(xs, s, t).sub(teacher(xr, r)));
  },
});

/**
 * Secant, training from the exterior: the velocity of the pair replaces the teacher's.
 *
 *   L = ‖ U(x̂_s, s, t) − (X_1 − X_0) ‖²,     x̂_s = sg[ X_r + (s − r)·U(X_r, r, s) ]
 *
 * The point x̂_s depends on the pair only through X_r, so the mean of X_1 − X_0 given x̂_s is v_r(X_r).
 */
export const stee = defineLoss({
  ...exterior,
  name: "stee",
  label: "Secant, trained, exterior (STEE)",
  needs: ["r"],
  stops: ["point"],
  formula: String.raw`\left\lVert U(\hat x_s, s, t) - (X_1 - X_0) \right\rVert^2,\ \hat x_s = \sg{point}{X_r + (s - r)\, U(X_r, r, s)}`,

  loss({ u, noise, data, s, r, t }) {
    const xr = pointAt(noise, data, r);
    const xs = stopGradient(firstOrderFlowMap(u)(xr, r, s), "point");
    return squaredNorm(u(xs, s, t).sub(data.sub(noise)));
  },
});
