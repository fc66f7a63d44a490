import { firstOrderFlowMap } from "@pushforward/flows";
import { losses } from "@pushforward/losses";
import { add, minimum, onesLike, squaredNorm, sub } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";
import { type RowParameters, rowAverageVelocity, rowParameters } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { dim, parameters, samples } = lossInstance(draws, n);
  const { xs, s, t, solve, delta } = samples;
  const ema = rowAverageVelocity(rowParameters(draws, n, { inputs: dim + 2, outputs: dim }));
  const end = onesLike(t);
  const next = minimum(add(s, delta), end);
  const toData = lossOf(losses.ctm, samples, { ema, r: next, t: isBroken ? sub(end, 0.1) : end });
  const global = lossOf(losses.ctm, samples, { ema, r: t });
  const seen = (p: RowParameters) => {
    const [phi, outer] = [rowAverageVelocity(p), ema].map(firstOrderFlowMap);
    return squaredNorm(sub(outer(phi(xs, s, t), t, 1), outer(solve!(xs, s, t), t, 1)));
  };
  // at t = 1 the inner map of the target is the student, and consistency distillation has the average
  const student = rowAverageVelocity(parameters);
  const distillation = lossOf(losses.consistencyDistillation, samples, { ema: student });
  return worstOf(
    rowGaps(rowJets(toData, parameters), rowJets(distillation, parameters)),
    rowGaps(rowJets(global, parameters), rowJets(seen, parameters)),
  );
}

/** The two limits of CTM's soft consistency. */
export const trajectoryConsistency = defineLaw({
  name: "trajectoryConsistency",
  title: "CTM between consistency and regression",
  statement:
    "At t = 1 CTM is consistency distillation; at r = t it is regression on the solver, through the averaged map.",
  formula: String.raw`\mathcal L_{\mathrm{CTM}}(t = 1, r = s + \delta) = \mathcal L_{\mathrm{CD}},\qquad \mathcal L_{\mathrm{CTM}}(r = t) = \bigl\lVert \bar\Phi_{t\to1}(\Phi_{s\to t}) - \bar\Phi_{t\to1}(\mathrm{Solver}_{s\to t})\bigr\rVert^2`,
  bound: 1e-12,
  broken: "the end time is not 1",
  ...rowByRow(instances, 8),
});
