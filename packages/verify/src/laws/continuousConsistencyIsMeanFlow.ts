import { losses } from "@pushforward/losses";
import { mul, onesLike, sub } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowGradients } from "../lossInstance.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const { s, noise, data } = samples;
  const v = draws.chance(0.5) ? samples.v : sub(data, noise);
  const consistency = rowGradients(lossOf(losses.continuousConsistency, samples, { v }), parameters);
  const meanFlow = rowGradients(lossOf(losses.meanFlow, samples, { v, t: onesLike(s) }), parameters);
  return rowGaps(consistency, isBroken ? meanFlow : mul(sub(1, s), meanFlow));
}

/** In continuous time consistency models are MeanFlow with t = 1, up to a weight. */
export const continuousConsistencyIsMeanFlow = defineLaw({
  name: "continuousConsistencyIsMeanFlow",
  title: "Continuous consistency = MeanFlow at t = 1",
  statement:
    "The gradient of continuous-time consistency is 1 − s times the gradient of MeanFlow with t = 1, for the velocity of a teacher and of one sample.",
  formula: String.raw`\nabla\mathcal L_{\mathrm{cCM}} = (1 - s) \nabla\mathcal L_{\mathrm{MeanFlow}}(t = 1)`,
  bound: 1e-12,
  broken: "the factor 1 − s is left out",
  ...rowByRow(instances, 8),
});
