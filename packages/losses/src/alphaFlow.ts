import { jvp, stopGradient } from "@pushforward/autodiff";
import { equal, onesLike, type Tensor, where, zerosLike } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import type { BodyInput } from "./lossTypes.ts";
import { meanSquare } from "./meanSquare.ts";
import { perSample } from "./perSample.ts";
import { ratioOr } from "./ratioOr.ts";

/** v = X_1 − X_0 and the target, [batch, dim], and α, scalar or [batch, 1]. */
interface Steps {
  readonly v: Tensor;
  readonly alpha: Tensor;
  readonly target: Tensor;
}

/**
 * The step of a two-step target: along v = X_1 − X_0 for the part α = (r − s)/(t − s) of the interval, then the network's own velocity.
 *
 *   α·v + (1 − α)·U(X_s + (r − s)·v, r, t);   α = 0 at t = s
 */
function twoSteps({ u, noise, data, xs, s, t, r }: BodyInput<"averageVelocity", "r">): Steps {
  const v = data.sub(noise);
  const step = r.sub(s);
  const alpha = ratioOr(step, t.sub(s), 0);
  const rest = u(xs.add(step.mul(v)), r, t).mul(alpha.mul(-1).add(1));
  return { v, alpha, target: v.mul(alpha).add(rest) };
}

/** The metadata of losses with a two-step target. */
const shared = {
  family: "backward",
  learns: "averageVelocity",
  needs: ["r"],
  stops: ["target", "weight"],
  // The step along v misses the path by O(α²).
  optimum: "biased",
  conditionalVelocity: "unused",
  times: "sorted",
} as const;

/**
 * α-Flow: from flow matching along the whole interval at α = 1 through a shortcut of two unequal steps to MeanFlow at α = 0.
 *
 *   L = w(α) · e / sg[ e + c ],     e = 1/D · ‖ U(X_s, s, t) − sg[ α·v + (1 − α)·U(X_s + (r − s)·v, r, t) ] ‖²,
 *   v = X_1 − X_0,  α = (r − s)/(t − s),  c = 0.001
 *
 * w is α where α > 0. At α = 0 the target is MeanFlow's, v + (t − s)·d/ds U along (v, 1, 0), and w = 1, also on the diagonal t = s: there it is
 * flow matching. The gradient of e over α tends to that of α = 0. The paper's time runs from data to noise.
 *
 * @source Zhang et al. 2025, official code, src/training/loss.py: AlphaFlowLoss
 */
export const alphaFlow = defineLoss({
  ...shared,
  name: "alphaFlow",
  label: "α-Flow",
  timeLaw: {
    kind: "diagonalMix",
    fraction: 0.5,
    law: { kind: "logitNormalPair", mean: 0.4, std: 1 },
    middle: { kind: "nearStart", fraction: { kind: "sigmoid", from: 1, to: 0, gamma: 25, snap: 0.005 } },
  },
  tangent: "(X_1 − X_0, 1, 0) in (x, s, t) where α = 0, stopped",
  formula: String.raw`\tfrac{\alpha}{D}\, \sg{weight}{\tfrac{1}{e + c}} \left\lVert U(X_s, s, t) - \sg{target}{\alpha v + (1 - \alpha) U(X_s + (r - s) v, r, t)} \right\rVert^2,\ \alpha = \tfrac{r - s}{t - s},\ v = X_1 - X_0`,
  paper: { cite: "Zhang et al. 2025", arxiv: "2510.20771" },
  grade: "A",
  departs: [
    "c = 0.001 is read in re-implementations, since the file of the official code that holds it was not at hand.",
    "The code clips the target of α > 0 to [−4, 4] in its trainings with guidance; nothing is clipped here.",
  ],

  loss(input) {
    const { u, xs, s, t } = input;
    const { v, alpha, target: short } = twoSteps(input);
    const [U, dU] = jvp(u, [xs, s, t], [v, onesLike(s), zerosLike(t)]);
    const isLimit = equal(alpha, 0);
    const target = stopGradient(where(isLimit, v.add(t.sub(s).mul(dU)), short), "target");
    const error = meanSquare(U.sub(target));
    const factor = perSample(where(isLimit, 1, alpha), xs);
    return error.mul(stopGradient(factor.div(error.add(0.001)), "weight"));
  },
});

/**
 * SoFlow's solution consistency: the residual of α-Flow over α, with a weight of its own. It needs no derivative.
 *
 *   L = e / sg[ e + c ],     e = 1/D · ‖ (U(X_s, s, t) − sg[ α·v + (1 − α)·U(X_s + (r − s)·v, r, t) ])/α ‖²,
 *   v = X_1 − X_0,  α = (r − s)/(t − s),  c = 0.01
 *
 * α falls from 0.1 to 0.002. A recipe adds flow matching on the diagonal. In the paper's letters f(x, t, s) is the map and l the time r.
 */
export const soFlow = defineLoss({
  ...shared,
  name: "soFlow",
  label: "SoFlow",
  timeLaw: {
    kind: "logitNormalPair",
    mean: 0.4,
    std: 1,
    middle: { kind: "nearStart", fraction: { kind: "exponential", from: 0.1, to: 0.002 } },
  },
  tangent: null,
  formula: String.raw`\tfrac{1}{D}\, \sg{weight}{\tfrac{1}{e + c}} \left\lVert \tfrac{1}{\alpha} \left( U(X_s, s, t) - \sg{target}{\alpha v + (1 - \alpha) U(X_s + (r - s) v, r, t)} \right) \right\rVert^2,\ \alpha = \tfrac{r - s}{t - s},\ v = X_1 - X_0`,
  paper: { cite: "Luo et al. 2025", arxiv: "2512.15657" },
  grade: "C",
  departs: [
    "Only the abstract and the readme of the official code were at hand; weight, step and fractions are those of a second-hand description.",
    "The law of s and t is MeanFlow's, because the paper's was not found.",
  ],

  loss(input) {
    const { u, xs, s, t } = input;
    const { alpha, target } = twoSteps(input);
    const residual = ratioOr(u(xs, s, t).sub(stopGradient(target, "target")), alpha, 0);
    const squared = meanSquare(residual);
    return squared.mul(stopGradient(squared.add(0.01).pow(-1), "weight"));
  },
});
