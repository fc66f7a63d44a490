import { firstOrderFlowMap } from "@pushforward/flows";
import { losses } from "@pushforward/losses";
import { lerp, mul, square, sub } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";
import { rowAverageVelocity, rowParameters } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { dim, parameters, samples } = lossInstance(draws, n);
  const before = rowAverageVelocity(rowParameters(draws, n, { inputs: dim + 2, outputs: dim }));
  const { s, t } = samples;
  const changes = { ema: before, teacherMap: firstOrderFlowMap(before), r: lerp(s, t, isBroken ? 0.3 : 0.5) };
  const jets = (loss: Parameters<typeof lossOf>[0]) => rowJets(lossOf(loss, samples, changes), parameters);
  const distillation = jets(losses.progressiveDistillation);
  return worstOf(
    rowGaps(jets(losses.shortcut), distillation),
    rowGaps(jets(losses.progressiveFlowMapMatching), mul(square(sub(t, s)), distillation)),
  );
}

/** Progressive distillation is Shortcut with a frozen teacher. */
export const progressiveIsShortcut = defineLaw({
  name: "progressiveIsShortcut",
  title: "Progressive distillation = Shortcut of the previous stage",
  statement:
    "With the student of the previous stage instead of the average, Shortcut is progressive distillation, and progressive flow map matching with r at the midpoint is (t − s)² times this loss.",
  formula: String.raw`\mathcal L_{\mathrm{PD}}(\check\Phi) = \mathcal L_{\mathrm{Shortcut}}(\bar U = \check U) = \frac{\mathcal L_{\mathrm{PFMM}}(r = \tfrac{s+t}2)}{(t-s)^2}`,
  bound: 1e-12,
  broken: "the middle time is s + 0.3(t − s)",
  ...rowByRow(instances, 8),
});
