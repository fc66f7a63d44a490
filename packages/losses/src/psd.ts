import { squaredNorm, sub, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import type { BodyInput } from "./lossTypes.ts";
import { ratioOr } from "./ratioOr.ts";
import { type StopOption, stopAt, unstopped } from "./stopAt.ts";

/** ‖ U(X_s, s, t) − [(1 − h)a + h·b] ‖² with or without a stop-gradient on the two steps. */
const progressive =
  (cut: StopOption) =>
  ({ u, xs, s, r, t }: BodyInput<"averageVelocity", "r">): Tensor => {
    const h = ratioOr(t.sub(r), t.sub(s), 0.5);
    const a = u(xs, s, r);
    const b = u(xs.add(r.sub(s).mul(a)), r, t);
    return squaredNorm(u(xs, s, t).sub(cut(sub(1, h).mul(a).add(h.mul(b)))));
  };

const shared = {
  family: "triConsistency",
  learns: "averageVelocity",
  needs: ["r"],
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "sorted",
  timeLaw: { kind: "uniformTriangle", middle: { kind: "midpoint" } },
  tangent: null,
  paper: { cite: "Boffi et al. 2025", arxiv: "2505.18825" },
  grade: "A",
} as const;

/**
 * Progressive self-distillation: tri-consistency of average velocities, with the two steps as a fixed target (the paper's
 * "convex" placement).
 *
 *   L = ‖ U(X_s, s, t) − sg[ (1 − h)a + h·b ] ‖²,     r = h·s + (1 − h)·t
 *   a = U(X_s, s, r),  b = U(X_s + (r − s)a, r, t)
 *
 * h multiplies s: the first step has length (1 − h)(t − s). A recipe adds flow matching on the diagonal.
 */
export const psd = defineLoss({
  ...shared,
  name: "psd",
  label: "PSD (convex)",
  stops: ["target"],
  formula: String.raw`\left\lVert U(X_s, s, t) - \sg{target}{(1 - h)\, U(X_s, s, r) + h\, U(X_r, r, t)} \right\rVert^2,\ r = h s + (1 - h) t`,
  loss: progressive(stopAt("target")),
});

/** The same value as psd with the whole gradient. */
export const psdNone = defineLoss({
  ...shared,
  name: "psdNone",
  label: "PSD (no stop-gradient)",
  stops: [],
  formula: String.raw`\left\lVert U(X_s, s, t) - (1 - h)\, U(X_s, s, r) - h\, U(X_r, r, t) \right\rVert^2,\ r = h s + (1 - h) t`,
  loss: progressive(unstopped),
});
