import { squaredNorm, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import type { BodyInput } from "./lossTypes.ts";
import { type StopOption, stopAt, unstopped } from "./stopAt.ts";

/** ‖ Φ(Φ(X_s, s, r), r, t) − Φ(X_s, s, t) ‖² with or without a stop-gradient on the two steps. */
const semigroup =
  (cut: StopOption) =>
  ({ phi, xs, s, r, t }: BodyInput<"flowMap", "r">): Tensor =>
    squaredNorm(cut(phi(phi(xs, s, r), r, t)).sub(phi(xs, s, t)));

const shared = {
  family: "triConsistency",
  learns: "flowMap",
  needs: ["r"],
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "sorted",
  timeLaw: { kind: "uniformTriangle", middle: { kind: "uniform" } },
  tangent: null,
  paper: { cite: "Boffi et al. 2024", arxiv: "2406.07507" },
  grade: "B",
} as const;

/**
 * Tri-consistency: two steps must end at the same point as one step.
 *
 *   L = ‖ sg[ Φ(Φ(X_s, s, r), r, t) ] − Φ(X_s, s, t) ‖²,     s ≤ r ≤ t
 *
 * Alone the loss is degenerate: the identity and the flow of any velocity have L = 0. A recipe adds flow matching on the
 * diagonal.
 */
export const triConsistency = defineLoss({
  ...shared,
  name: "triConsistency",
  label: "Tri-consistency",
  stops: ["target"],
  formula: String.raw`\left\lVert \sg{target}{\Phi(\Phi(X_s, s, r), r, t)} - \Phi(X_s, s, t) \right\rVert^2`,
  loss: semigroup(stopAt("target")),
});

/**
 * The same value as triConsistency with the whole gradient. With the map's own diagonal as velocity the loss tends to (t − r)²
 * times the local forward loss as r → t, and to (r − s)² times the backward loss as r → s.
 */
export const triConsistencyFull = defineLoss({
  ...shared,
  name: "triConsistencyFull",
  label: "Tri-consistency, full gradient",
  grade: "C",
  stops: [],
  formula: String.raw`\left\lVert \Phi(\Phi(X_s, s, r), r, t) - \Phi(X_s, s, t) \right\rVert^2`,
  loss: semigroup(unstopped),
});
