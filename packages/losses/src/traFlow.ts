import { stopGradient } from "@pushforward/autodiff";
import { firstOrderFlowMap } from "@pushforward/flows";
import { square, squaredNorm } from "@pushforward/tensor";
import { defineLoss } from "./defineLoss.ts";
import { perSample } from "./perSample.ts";
import { ratioOr } from "./ratioOr.ts";

/** λ of output, amount of change and consistency. The paper's values are unknown; 1, 1, 1 is our choice. */
const weights = { output: 1, change: 1, consistency: 1 } as const;

/**
 * TraFlow, reconstructed from its abstract: the map must reproduce the end of the teacher's path and its amount of change, and be
 * consistent along the path.
 *
 *   L = λ₁·‖ Φ(X_s, s, t) − x_t ‖² + λ₂·‖ U(X_s, s, t) − (x_t − X_s)/(t − s) ‖² + λ₃·‖ Φ(X_s, s, t) − sg[ Φ̄(x_r, r, t) ] ‖²
 *
 * x_r and x_t are points of the teacher's solver from X_s, s ≤ r ≤ t. The second term is the first term over (t − s)²; at t = s
 * it is 0.
 */
export const traFlow = defineLoss({
  name: "traFlow",
  label: "TraFlow (reconstruction)",
  family: "triConsistency",
  learns: "flowMap",
  needs: ["ema", "solve", "r"],
  stops: ["target"],
  // With an exact solve; a finite step leaves an error of its order.
  optimum: "zero",
  conditionalVelocity: "unused",
  times: "sorted",
  timeLaw: { kind: "uniformTriangle", middle: { kind: "uniform" } },
  tangent: null,
  formula: String.raw`\lambda_1 \left\lVert \Phi(X_s, s, t) - x_t \right\rVert^2 + \lambda_2 \left\lVert U(X_s, s, t) - \tfrac{x_t - X_s}{t - s} \right\rVert^2 + \lambda_3 \left\lVert \Phi(X_s, s, t) - \sg{target}{\bar\Phi(x_r, r, t)} \right\rVert^2,\ x_r = \operatorname{Solver}_{s \to r}(X_s)`,
  paper: { cite: "Wu et al. 2025", arxiv: "2502.16972" },
  grade: "C",
  departs: [
    "Reconstructed from the abstract: output, amount of change, and consistency with the first step of the teacher.",
    "The weights 1, 1, 1 are our choice.",
  ],

  loss({ phi, ema, solve, xs, s, r, t }) {
    const xr = solve(xs, s, r);
    const xt = solve(xr, r, t);
    const P = phi(xs, s, t);
    const output = squaredNorm(P.sub(xt));
    const change = ratioOr(output, square(perSample(t.sub(s), xs)), 0);
    const consistency = squaredNorm(P.sub(stopGradient(firstOrderFlowMap(ema)(xr, r, t), "target")));
    return output.mul(weights.output).add(change.mul(weights.change)).add(consistency.mul(weights.consistency));
  },
});
