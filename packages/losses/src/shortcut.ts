import { stopGradient } from "@pushforward/autodiff";
import { clip as clipped, squaredNorm, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { midpoint } from "./midpoint.ts";

/**
 * Shortcut: the velocity of one step is the mean of two half steps of the averaged network.
 *
 *   L = ‖ U(X_s, s, t) − sg[ ½(a + b) ] ‖²,     a = Ū(X_s, s, m),  b = Ū(X_s + (m − s)a, m, t),  m = (s + t)/2
 *
 * The paper's step size d is t − s. A recipe adds flow matching, which fixes the smallest step. With `clip` the intermediate point and the
 * target are clipped, as in the code to [−4, 4].
 */
export const shortcut = defineLoss({
  name: "shortcut",
  label: "Shortcut",
  family: "triConsistency",
  learns: "averageVelocity",
  needs: ["ema"],
  stops: ["target"],
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "sorted",
  timeLaw: { kind: "dyadic", base: 128 },
  tangent: null,
  formula: String.raw`\left\lVert U(X_s, s, t) - \sg{target}{\tfrac12 \bar U(X_s, s, m) + \tfrac12 \bar U(X_s + (m - s)\bar U(X_s, s, m), m, t)} \right\rVert^2,\ m = \tfrac{s + t}{2}`,
  paper: { cite: "Frans et al. 2024", arxiv: "2410.12557" },
  grade: "A",

  loss({ u, ema, xs, s, t, clip }) {
    const bounded = (x: Tensor): Tensor => (clip === undefined ? x : clipped(x, -clip, clip));
    const m = midpoint(s, t);
    const a = ema(xs, s, m);
    const b = ema(bounded(xs.add(m.sub(s).mul(a))), m, t);
    const target = stopGradient(bounded(a.add(b).mul(0.5)), "target");
    return squaredNorm(u(xs, s, t).sub(target));
  },
});
