import { squaredNorm, type Tensor } from "@pushforward/tensor";
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
