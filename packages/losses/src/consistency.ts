import { stopGradient } from "@pushforward/autodiff";
import { type AverageVelocity, firstOrderFlowMap } from "@pushforward/flows";
import { minimum, onesLike, squaredNorm, sub, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import type { BodyInput } from "./lossTypes.ts";
import { perSample } from "./perSample.ts";
import { ratioOr } from "./ratioOr.ts";
import { pseudoHuber } from "./weights.ts";

/** ‖ Φ(X_s, s, 1) − sg[ Φ̄(x, s + δ, 1) ] ‖² with Φ̄ the averaged map and x a point at s + δ. */
function consistency(
  models: { u: AverageVelocity; ema: AverageVelocity },
  xs: Tensor,
  s: Tensor,
  x: Tensor,
  next: Tensor,
) {
  const end = onesLike(s);
  const target = stopGradient(firstOrderFlowMap(models.ema)(x, next, end), "target");
  return squaredNorm(firstOrderFlowMap(models.u)(xs, s, end).sub(target));
}

/** s + δ, at most 1. */
const nextTime = (s: Tensor, delta: Tensor): Tensor => s.add(minimum(delta, sub(1, s)));

const shared = {
  family: "backward",
  learns: "averageVelocity",
  stops: ["target"],
  conditionalVelocity: "unused",
  times: "any",
  tangent: null,
  paper: { cite: "Song et al. 2023", arxiv: "2303.01469" },
  grade: "A",
} as const;

/**
 * Consistency distillation: the map to the data must not change along one solver step of the teacher.
 *
 *   L = ‖ Φ(X_s, s, 1) − sg[ Φ̄(Solver_{s→s+δ}(X_s), s + δ, 1) ] ‖²
 * The end time is 1 for every t. The paper's noise level σ is (1 − s)/s, and its Heun step is one choice of `solve`.
 */
export const consistencyDistillation = defineLoss({
  ...shared,
  name: "consistencyDistillation",
  label: "Consistency distillation",
  needs: ["ema", "solve", "delta"],
  /** @source launch script of the official code: 40 levels. They start at s = 0.012, even steps (`grid`) at s = 0. */
  timeLaw: { kind: "karrasGrid", levels: 40 },
  // With an exact solve; Euler's step leaves O(δ²).
  optimum: "zero",
  formula: String.raw`\left\lVert \Phi(X_s, s, 1) - \sg{target}{\bar\Phi(\operatorname{Solver}_{s \to s + \delta}(X_s), s + \delta, 1)} \right\rVert^2`,

  loss({ u, ema, solve, xs, s, delta }) {
    const next = nextTime(s, delta);
    return consistency({ u, ema }, xs, s, solve(xs, s, next), next);
  },
});

/**
 * Consistency training: as consistency distillation, but the later point is X_{s+δ} of the same noise and data instead of a
 * solver step of the teacher.
 *
 *   L = ‖ Φ(X_s, s, 1) − sg[ Φ̄(X_{s+δ}, s + δ, 1) ] ‖²,     X_{s+δ} = (s + δ)·X_1 + (1 − s − δ)·X_0
 */
export const consistencyTraining = defineLoss({
  ...shared,
  name: "consistencyTraining",
  label: "Consistency training",
  needs: ["ema", "delta"],
  /** @source launch script of the official code, LSUN: from 2 to 150 steps between levels (to 200 on ImageNet) */
  timeLaw: { kind: "progressiveKarras", from: 2, to: 150 },
  // One pair replaces the mean velocity, which leaves a bias that falls with δ.
  optimum: "biased",
  formula: String.raw`\left\lVert \Phi(X_s, s, 1) - \sg{target}{\bar\Phi(X_{s + \delta}, s + \delta, 1)} \right\rVert^2`,

  loss(input) {
    return training(input, input.ema);
  },
});

/** ‖ Φ(X_s, s, 1) − sg[ Φ̄(X_{s+δ}, s + δ, 1) ] ‖² at two points of the same noise and data. */
function training({ u, noise, data, xs, s, delta }: BodyInput<"averageVelocity", "delta">, ema: AverageVelocity) {
  const next = nextTime(s, delta);
  const moved = next.mul(data).add(sub(1, next).mul(noise));
  return consistency({ u, ema }, xs, s, moved, next);
}

/** Consistency training with the student itself as the target, a pseudo-Huber metric and a weight 1/(σ_s − σ_{s+δ}). */
const huber = {
  ...shared,
  needs: ["delta"],
  optimum: "biased",
  formula: String.raw`\tfrac{1}{\sigma_s - \sigma_{s + \delta}} \left( \sqrt{\left\lVert \Phi(X_s, s, 1) - \sg{target}{\Phi(X_{s + \delta}, s + \delta, 1)} \right\rVert^2 + c^2} - c \right),\ \sigma_s = \tfrac{1 - s}{s}`,

  loss(input: BodyInput<"averageVelocity", "delta">) {
    const { u, xs, s, delta, huber: size = 0.00054 } = input;
    const next = nextTime(s, delta);
    const perNoise = ratioOr(s.mul(next), next.sub(s), 0);
    const c = size * Math.sqrt(xs.shape.at(-1) as number);
    return perSample(perNoise, xs).mul(pseudoHuber(training(input, u), { c }));
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
