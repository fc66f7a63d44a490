import { consistencyMetadata, consistencyOfPair, nextTime } from "./consistency.ts";
import { defineLoss } from "./defineLoss.ts";
import type { BodyInput } from "./lossTypes.ts";
import { perSample } from "./perSample.ts";
import { ratioOr } from "./ratioOr.ts";
import { pseudoHuber } from "./weights.ts";

/** Consistency training with the student itself as the target, a pseudo-Huber metric and a weight 1/(σ_s − σ_{s+δ}). */
const huber = {
  ...consistencyMetadata,
  needs: ["delta"],
  optimum: "biased",
  formula: String.raw`\tfrac{1}{\sigma_s - \sigma_{s + \delta}} \left( \sqrt{\left\lVert \Phi(X_s, s, 1) - \sg{target}{\Phi(X_{s + \delta}, s + \delta, 1)} \right\rVert^2 + c^2} - c \right),\ \sigma_s = \tfrac{1 - s}{s}`,

  loss(input: BodyInput<"averageVelocity", "delta">) {
    const { u, xs, s, delta, huber: size = 0.00054 } = input;
    const next = nextTime(s, delta);
    const perNoise = ratioOr(s.mul(next), next.sub(s), 0);
    const c = size * Math.sqrt(xs.shape.at(-1) as number);
    return perSample(perNoise, xs).mul(pseudoHuber(consistencyOfPair(input, u), { c }));
  },
} as const;

/**
 * Improved consistency training (iCT): the target is the student itself, the metric pseudo-Huber, small steps of the noise level weigh more.
 *
 *   L = (√(‖ Φ(X_s, s, 1) − sg[ Φ(X_{s+δ}, s + δ, 1) ] ‖² + c²) − c)/(σ_s − σ_{s+δ}),     σ_s = (1 − s)/s,  c = 0.00054·√D
 */
export const improvedConsistency = defineLoss({
  ...huber,
  name: "improvedConsistency",
  label: "Improved consistency training (iCT)",
  /** @source paper as re-implemented (Kinyugo/consistency_models): s_0 10, s_1 1280, mean −1.1, std 2.0 */
  timeLaw: { kind: "doublingKarras", from: 10, to: 1280, mean: -1.1, std: 2 },
  paper: { cite: "Song and Dhariwal 2023", arxiv: "2310.14189" },
  grade: "B",
});

/**
 * Easy consistency tuning (ECT): iCT whose student starts as a teacher, at noise levels whose ratio tends to 1 in stages.
 *
 *   L = (√(‖ Φ(X_s, s, 1) − sg[ Φ(X_{s+δ}, s + δ, 1) ] ‖² + c²) − c)/(σ_s − σ_{s+δ}),     σ_s = (1 − s)/s,  c = 0.00054·√D
 *
 * @source Geng et al. 2024, official code, training/loss.py: ECMLoss in the version of its CIFAR-10 runs
 */
export const easyConsistency = defineLoss({
  ...huber,
  name: "easyConsistency",
  label: "Easy consistency tuning (ECT)",
  /** @source official code, loss.py: P_mean −1.1, P_std 2.0, q 2, k 8, b 1; run_ecm.sh: 25.6 Mimg in ticks of 12.8 kimg, double 250 */
  timeLaw: {
    kind: "noiseRatio",
    start: { kind: "logitNormal", mean: 1.1, std: 2 },
    ...{ base: 2, stages: 8, k: 8, b: 1 },
  },
  paper: { cite: "Geng et al. 2024", arxiv: "2406.14548" },
  departs: [
    "c is that of iCT, 0.00054·√D; in the code of the CIFAR-10 runs it is 0, and the root has no derivative where the difference is 0.",
    "The code for ImageNet multiplies by 1/σ_s² + 1/σ_d² instead of 1/(σ_s − σ_{s+δ}).",
  ],
});
