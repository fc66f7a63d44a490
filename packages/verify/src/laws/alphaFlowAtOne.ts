import { adaptiveWeight, losses } from "@pushforward/losses";
import { div, lerp, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";
import { type RowParameters, rowAverageVelocity } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { dim, parameters, samples } = lossInstance(draws, n);
  const { s, t, noise, data } = samples;
  const r = isBroken ? lerp(s, t, 0.5) : t;
  const matched = (p: RowParameters): Tensor => {
    const u = rowAverageVelocity(p);
    const squared = losses.flowMatching.loss({ ...samples, v: sub(data, noise), u: (x, start) => u(x, start, t) });
    return adaptiveWeight(div(squared, dim), { p: 1, c: 0.001 });
  };
  return rowGaps(rowJets(lossOf(losses.alphaFlow, samples, { r }), parameters), rowJets(matched, parameters));
}

/** At α = 1 α-Flow is flow matching for every end time. */
export const alphaFlowAtOne = defineLaw({
  name: "alphaFlowAtOne",
  title: "α-Flow at α = 1 is flow matching",
  statement:
    "At α = 1 α-Flow is flow matching along the whole interval: U(X_s, s, t) learns v for every end time t, in value and gradient.",
  formula: String.raw`\mathcal L_{\alpha = 1} = \frac{e}{\operatorname{sg}[e + c]},\quad e = \tfrac1D \lVert U(X_s, s, t) - v\rVert^2`,
  bound: 1e-12,
  broken: "the time r is the midpoint, α = ½",
  ...rowByRow(instances, 8),
});
