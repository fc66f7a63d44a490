import type { AverageVelocity } from "@pushforward/flows";
import { squaredNorm, sub, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import type { BodyInput } from "./lossTypes.ts";
import { ratioOr } from "./ratioOr.ts";
import { type StopOption, stopAt, unstopped } from "./stopAt.ts";

/** ‖ U(X_s, s, t) − [(1 − h)a + h·b] ‖² with or without a stop-gradient on the two steps, by default those of U itself. */
const progressive =
  (cut: StopOption) =>
  ({ u, xs, s, r, t }: BodyInput<"averageVelocity", "r">, steps: AverageVelocity = u): Tensor => {
    const h = ratioOr(t.sub(r), t.sub(s), 0.5);
    const a = steps(xs, s, r);
    const b = steps(xs.add(r.sub(s).mul(a)), r, t);
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
  loss: (input) => progressive(stopAt("target"))(input),
});

/**
 * SplitMeanFlow: PSD at a split that is drawn uniformly, with the two steps of the averaged network as the target.
 *
 *   L = ‖ U(X_s, s, t) − sg[ (1 − h)·Ū(X_s, s, r) + h·Ū(X_r, r, t) ] ‖²,     r = h·s + (1 − h)·t
 *   X_r = X_s + (r − s)·Ū(X_s, s, r)
 *
 * The paper's λ is 1 − h in its own time, from data to noise. A recipe adds the velocity of a teacher on the diagonal.
 */
export const splitMeanFlow = defineLoss({
  ...shared,
  name: "splitMeanFlow",
  label: "SplitMeanFlow",
  needs: ["ema", "r"],
  stops: ["target"],
  timeLaw: { kind: "uniformTriangle", middle: { kind: "uniform" } },
  formula: String.raw`\left\lVert U(X_s, s, t) - \sg{target}{(1 - h)\, \bar U(X_s, s, r) + h\, \bar U(X_r, r, t)} \right\rVert^2,\ r = h s + (1 - h) t`,
  paper: { cite: "Guo et al. 2025", arxiv: "2507.16884" },
  grade: "B",
  departs: [
    "Only the abstract of the paper was at hand. The target is of the averaged network, as a second-hand description says; a re-implementation has the student itself there.",
  ],
  loss: ({ ema, ...input }) => progressive(stopAt("target"))(input, ema),
});

/** The same value as psd with the whole gradient. */
export const psdNone = defineLoss({
  ...shared,
  name: "psdNone",
  label: "PSD (no stop-gradient)",
  stops: [],
  formula: String.raw`\left\lVert U(X_s, s, t) - (1 - h)\, U(X_s, s, r) - h\, U(X_r, r, t) \right\rVert^2,\ r = h s + (1 - h) t`,
  loss: (input) => progressive(unstopped)(input),
});
