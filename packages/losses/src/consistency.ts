import { stopGradient } from "@pushforward/autodiff";
import { type AverageVelocity, firstOrderFlowMap } from "@pushforward/flows";
import { minimum, onesLike, squaredNorm, sub, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import type { BodyInput } from "./lossTypes.ts";

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
export const nextTime = (s: Tensor, delta: Tensor): Tensor => s.add(minimum(delta, sub(1, s)));

/** Metadata of consistency losses. */
export const consistencyMetadata = {
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
  ...consistencyMetadata,
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
  ...consistencyMetadata,
  name: "consistencyTraining",
  label: "Consistency training",
  needs: ["ema", "delta"],
  /** @source launch script of the official code, LSUN: from 2 to 150 steps between levels (to 200 on ImageNet) */
  timeLaw: { kind: "progressiveKarras", from: 2, to: 150 },
  // One pair replaces the mean velocity, which leaves a bias that falls with δ.
  optimum: "biased",
  formula: String.raw`\left\lVert \Phi(X_s, s, 1) - \sg{target}{\bar\Phi(X_{s + \delta}, s + \delta, 1)} \right\rVert^2`,

  loss(input) {
    return consistencyOfPair(input, input.ema);
  },
});

/** ‖ Φ(X_s, s, 1) − sg[ Φ̄(X_{s+δ}, s + δ, 1) ] ‖² at two points of the same noise and data. */
export function consistencyOfPair(
  { u, noise, data, xs, s, delta }: BodyInput<"averageVelocity", "delta">,
  ema: AverageVelocity,
) {
  const next = nextTime(s, delta);
  const moved = next.mul(data).add(sub(1, next).mul(noise));
  return consistency({ u, ema }, xs, s, moved, next);
}
