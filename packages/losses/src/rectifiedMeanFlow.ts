import { defineLoss } from "./defineLoss.ts";
import { meanFlow } from "./meanFlow.ts";

/**
 * Rectified MeanFlow (Re-MeanFlow): MeanFlow on pairs of noise and the end of the teacher's trajectory from it.
 *
 *   L = ‖ U(X_s, s, t) − sg[ v + (t − s) · d/ds U(X_s, s, t) ] ‖²,     v = X_1 − X_0 of a rectified pair
 *
 * @source Zhang et al. 2025, official code, meanflow.py: loss_edm and sample_t_and_r_re2_truncate
 */
export const rectifiedMeanFlow = defineLoss({
  ...meanFlow,
  formula: meanFlow.markedFormula,
  name: "rectifiedMeanFlow",
  label: "Rectified MeanFlow (Re-MeanFlow)",
  timeLaw: {
    kind: "diagonalMix",
    fraction: 0.75,
    law: {
      kind: "intervalFrom",
      start: { kind: "uShaped", rate: 4 },
      ...{ mean: -0.8, std: 1, toEnd: { before: 0.2, after: 0.6 } },
    },
  },
  paper: { cite: "Zhang et al. 2025", arxiv: "2511.23342" },
});
