import { defineLoss } from "./defineLoss.ts";
import { identityDistillation, sidFormula, sidMetadata } from "./sid.ts";

/**
 * Continuous semi-implicit models: SiD for every step from a noised data point X_s to data, evaluated at a later time t. The
 * network ψ receives the start time s of the sample.
 *
 *   L = (D_φ − D_ψ)·[(D_φ − X) − α(D_φ − D_ψ)]/sg[mean|X − D_φ|],   X = G(X_s, s),   D_ψ = D_ψ(X_t, t, s),   s < t
 *
 * A recipe pulls ψ towards the teacher. The pull scales D_φ − D_ψ and keeps its zeros.
 */
export const cosim = defineLoss({
  ...sidMetadata,
  name: "cosim",
  label: "CoSIM",
  times: "sorted",
  timeLaw: { kind: "uniformTriangle" },
  formula: `${sidFormula("1.2")},\\ X = G(X_s, s)`,
  paper: { cite: "Yu et al. 2025", arxiv: "2506.06778" },
  grade: "C",
  departs: ["α = 1.2 is SiD's value; the paper's constant is not known to us."],
  loss: identityDistillation(1.2),
});
