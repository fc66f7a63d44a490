import { onesLike, squaredNorm, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import type { BodyInput } from "./lossTypes.ts";
import { type StopOption, stopAt, unstopped } from "./stopAt.ts";

/** ‖ Φ(X_s, s, t) − Solver_{r→t}(Φ(X_s, s, r)) ‖² with or without a stop-gradient on the second term. */
const solverTarget =
  (cut: StopOption) =>
  ({ phi, solve, xs, s, r, t }: BodyInput<"flowMap", "solve" | "r">): Tensor =>
    squaredNorm(phi(xs, s, t).sub(cut(solve(phi(xs, s, r), r, t))));

const shared = {
  family: "forward",
  learns: "flowMap",
  needs: ["solve", "r"],
  // With an exact solve; a finite step leaves an error of its order.
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "sorted",
  timeLaw: { kind: "uniformTriangle", middle: { kind: "uniform" } },
  tangent: null,
  paper: { cite: "Kim et al. 2023", arxiv: "2310.02279" },
  grade: "C",
} as const;

/**
 * Global forward (solver) loss: the map to t must equal the map to r, followed by a solver from r to t.
 *
 *   L = ‖ Φ(X_s, s, t) − sg[ Solver_{r→t}(Φ(X_s, s, r)) ] ‖²,     s ≤ r ≤ t
 *
 * At r = s this is regression on the solver's end point; at r → t with Euler steps it becomes the local forward loss.
 */
export const globalForward = defineLoss({
  ...shared,
  name: "globalForward",
  label: "Global forward (solver)",
  stops: ["target"],
  formula: String.raw`\left\lVert \Phi(X_s, s, t) - \sg{target}{\operatorname{Solver}_{r \to t}(\Phi(X_s, s, r))} \right\rVert^2`,
  loss: solverTarget(stopAt("target")),
});

/** The same value as globalForward, differentiated through the solver too. */
export const globalForwardFull = defineLoss({
  ...shared,
  name: "globalForwardFull",
  label: "Global forward, full gradient",
  stops: [],
  formula: String.raw`\left\lVert \Phi(X_s, s, t) - \operatorname{Solver}_{r \to t}(\Phi(X_s, s, r)) \right\rVert^2`,
  loss: solverTarget(unstopped),
});

/**
 * Consistency mid-training (CMT): regression on the end of the teacher's trajectory from points on it, a global forward loss with r = s and t = 1.
 *
 *   L = ‖ Φ(X_s, s, 1) − Solver_{s→1}(X_s) ‖²
 *
 * A recipe takes X_s from trajectories of the teacher that begin as noise. The target does not depend on the student, so nothing is stopped.
 *
 * @source Hu et al. 2025, official code, training/loss.py: DPMSolverLoss with the metric MSE
 */
export const midTraining = defineLoss({
  ...shared,
  name: "midTraining",
  label: "Consistency mid-training (CMT)",
  needs: ["solve"],
  stops: [],
  times: "any",
  timeLaw: { kind: "grid", steps: 16, end: 1 },
  formula: String.raw`\left\lVert \Phi(X_s, s, 1) - \operatorname{Solver}_{s \to 1}(X_s) \right\rVert^2`,
  paper: { cite: "Hu et al. 2025", arxiv: "2509.24526" },
  grade: "A",
  departs: ["The distance is Euclidean; the code's for pictures is LPIPS."],

  loss({ phi, solve, xs, s }) {
    const end = onesLike(s);
    return squaredNorm(phi(xs, s, end).sub(solve(xs, s, end)));
  },
});
