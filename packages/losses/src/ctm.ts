import { stopGradient } from "@pushforward/autodiff";
import { firstOrderFlowMap } from "@pushforward/flows";
import { onesLike, squaredNorm, sub, type Tensor } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";

const paper = { cite: "Kim et al. 2023", arxiv: "2310.02279" } as const;

/**
 * Soft consistency of trajectories. It compares two points at time t: the jump from s to t, and the jump from r to t after the
 * teacher's solver went from s to r. The averaged map takes both points to the data, where they are compared.
 *
 *   L = ‖ Φ̄(Φ(X_s, s, t), t, 1) − sg[ Φ̄(Φ(Solver_{s→r}(X_s), r, t), t, 1) ] ‖²,     s ≤ r ≤ t
 *
 * At r = t the target contains the solver only (global consistency), and at t = 1 the loss is consistency distillation. The
 * gradient passes through the argument of the outer Φ̄, whose parameters are frozen. The inner map of the target is the student
 * with a stop-gradient. A recipe adds denoising.
 */
export const ctm = defineLoss({
  name: "ctm",
  label: "CTM, soft consistency",
  family: "forward",
  learns: "flowMap",
  needs: ["ema", "solve", "r"],
  stops: ["target"],
  // With an exact solve; a finite step leaves an error of its order.
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "sorted",
  /** @source official code, CIFAR-10: 18 levels, 1 to 17 Heun steps weighted by their number, drawn once for the batch */
  timeLaw: { kind: "karrasJumps", levels: 18 },
  tangent: null,
  formula: String.raw`\left\lVert \bar\Phi(\Phi(X_s, s, t), t, 1) - \sg{target}{\bar\Phi(\Phi(\operatorname{Solver}_{s \to r}(X_s), r, t), t, 1)} \right\rVert^2`,
  paper,
  grade: "A",
  departs: ["The distance is Euclidean; the code compares features of a perceptual network."],

  loss({ phi, ema, solve, xs, s, r, t }) {
    const toData = (x: Tensor): Tensor => firstOrderFlowMap(ema)(x, t, onesLike(t));
    const estimate = toData(phi(xs, s, t));
    const target = stopGradient(toData(phi(solve(xs, s, r), r, t)), "target");
    return squaredNorm(estimate.sub(target));
  },
});

/**
 * Denoising score matching: the diagonal predicts the data.
 *
 *   L = ‖ g(X_s, s) − X_1 ‖²,     g = X_s + (1 − s)·U(X_s, s, s)
 *
 * Flow matching in other units: (1 − s)²·‖U − (X_1 − X_0)‖², with the minimum (1 − s)²·tr C_s.
 */
export const denoising = defineLoss({
  name: "denoising",
  label: "Denoising score matching (DSM)",
  family: "flowMatching",
  learns: "velocity",
  needs: [],
  stops: [],
  optimum: "stationary",
  conditionalVelocity: "unused",
  times: "any",
  /** @source Kim et al. 2023, official code: half log of σ normal with mean −1.2 and deviation 1.2, half the noisiest 0.7 of the levels */
  timeLaw: {
    kind: "diagonal",
    start: {
      kind: "mixture",
      parts: [
        { fraction: 0.5, law: { kind: "logitNormal", mean: 1.2, std: 1.2 } },
        { fraction: 0.5, law: { kind: "karras", min: 0.3 } },
      ],
    },
    margin: 1e-4,
  },
  weighting: { kind: "denoising" },
  tangent: null,
  formula: String.raw`\left\lVert X_s + (1 - s)\, U(X_s, s, s) - X_1 \right\rVert^2`,
  paper,
  grade: "A",

  loss({ u, data, xs, s }) {
    const prediction = xs.add(sub(1, s).mul(u(xs, s, s)));
    return squaredNorm(prediction.sub(data));
  },
});
