import { losses } from "@pushforward/losses";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const at = { warmup: isBroken ? 0.5 : 1, sigmaData: draws.uniform(0.4, 1.2) };
  return rowGaps(
    rowJets(lossOf(losses.rcm, samples, at), parameters),
    rowJets(lossOf(losses.scmDistillation, samples, at), parameters),
  );
}

/** rCM after its warm-up is sCM distillation. */
export const rcmIsScm = defineLaw({
  name: "rcmIsScm",
  title: "rCM at w = 1 is sCM distillation",
  statement: "After the warm-up the consistency part of rCM is sCM distillation, in value and gradient.",
  formula: String.raw`w = 1:\ \mathcal L_{\mathrm{rCM}} = \mathcal L_{\mathrm{sCD}},\qquad \nabla\mathcal L_{\mathrm{rCM}} = \nabla\mathcal L_{\mathrm{sCD}}`,
  bound: 1e-12,
  broken: "the warm-up is half done",
  controlBound: 1e-6,
  ...rowByRow(instances, 8),
});
