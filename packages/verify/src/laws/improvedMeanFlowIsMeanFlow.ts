import { losses } from "@pushforward/losses";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";
import { rowAverageVelocity } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const { xs, s } = samples;
  const v = rowAverageVelocity(parameters)(xs, s, s);
  const [improved, plain] = [losses.improvedMeanFlow, losses.meanFlow];
  return worstOf(
    rowGaps(
      rowJets(lossOf(improved, samples), parameters),
      rowJets(lossOf(plain, samples, isBroken ? {} : { along: "own" }), parameters),
    ),
    rowGaps(rowJets(lossOf(improved, samples, { v }), parameters), rowJets(lossOf(plain, samples, { v }), parameters)),
  );
}

/** Without guidance improved MeanFlow is MeanFlow along the network's own velocity. */
export const improvedMeanFlowIsMeanFlow = defineLaw({
  name: "improvedMeanFlowIsMeanFlow",
  title: "iMF is MeanFlow along its own velocity",
  statement:
    "Without guidance iMF is MeanFlow along U(X_s, s, s), in value and gradient; where v is this velocity, it is MeanFlow.",
  formula: String.raw`\mathcal L_{\mathrm{iMF}} = \mathcal L_{\mathrm{MeanFlow}}(\text{along } U(X_s, s, s)),\qquad v = U(X_s, s, s) \Rightarrow \mathcal L_{\mathrm{iMF}} = \mathcal L_{\mathrm{MeanFlow}}`,
  bound: 1e-13,
  broken: "the derivative of MeanFlow is along v",
  ...rowByRow(instances, 8),
});
