import { add, mul, sqrt, square, sub } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { scm } from "./scm.ts";

/**
 * The consistency part of rCM: sCM distillation with a warm-up that begins at the difference of the velocities alone.
 *
 *   L = 1/D · ‖ F − sg[ F + g/(‖g‖ + c) ] ‖²,     c = 0.1,
 *   g = −cos τ·√(1 − w²·sin²τ)·(σ_d·F − dx/dτ) − w·cos τ·sin τ·(x + σ_d·dF/dτ),     tan τ = (1 − s)/(σ_d·s)
 *
 * At w = 1 it is scmDistillation; at w = 0 the first half has the factor cos τ in place of cos²τ. A recipe adds DMD after the warm-up, on samples
 * that the student makes in one to four steps.
 *
 * @source Zheng et al. 2025, official code, rcm/models/t2v_model_distill_rcm.py: training_step_generator
 */
export const rcm = defineLoss({
  name: "rcm",
  label: "rCM, score-regularized consistency",
  family: "backward",
  learns: "trigFlow",
  needs: ["teacher", "warmup"],
  stops: ["target"],
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "any",
  /** @source official code, configuration of Wan 2.1: log of tan τ normal with mean −0.8, deviation 1.6; the mean changes sign with the time */
  timeLaw: { kind: "fixedEnd", start: { kind: "logitNormal", mean: 0.8, std: 1.6 } },
  tangent: "cos τ·sin τ·(dx/dτ, σ_d) in (y, τ) of F, stopped",
  formula: String.raw`\tfrac{1}{D} \left\lVert F - \sg{target}{F + \tfrac{g}{\lVert g \rVert + c}} \right\rVert^2,\ g = -\cos\tau \sqrt{1 - w^2 \sin^2\tau}\,\left(\sigma_d F - \tfrac{dx_\tau}{d\tau}\right) - w \cos\tau \sin\tau\,\left(x_\tau + \sigma_d \tfrac{dF}{d\tau}\right),\ v = v_s(X_s)`,
  paper: { cite: "Zheng et al. 2025", arxiv: "2510.08431" },
  grade: "A",
  departs: [
    "The square is the mean over coordinates; in the code it is their sum, in this part and in that of DMD.",
    "The code multiplies noise levels of videos by the root of the number of latent frames; levels are those of images here.",
  ],

  loss({ u, teacher, xs, s, warmup, sigmaData }) {
    return scm({
      ...{ u, xs, v: teacher(xs, s), s, warmup, sigmaData },
      // √(1 − w²·sin²τ) without cancellation where both are 1
      stableFactor: (cos, sin, w) => sqrt(add(square(cos), mul(sub(1, square(w)), square(sin)))),
    });
  },
});
