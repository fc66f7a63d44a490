import { losses } from "@pushforward/losses";
import { add, div, mul, reshape, sqrt, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";
import type { RowParameters } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { dim, parameters, samples } = lossInstance(draws, n);
  const { s, delta } = samples;
  const [c, next] = [Math.sqrt(dim), add(s, delta)];
  const noise = (time: Tensor): Tensor => div(sub(1, time), time);
  const step = isBroken ? delta : sub(noise(s), noise(next));
  const squared = lossOf(losses.consistencyTraining, samples);
  const metric = (p: RowParameters): Tensor => div(sub(sqrt(add(squared(p), c * c)), c), reshape(step, [n]));
  const weight = mul(s, next);
  return rowGaps(
    mul(weight, rowJets(lossOf(losses.improvedConsistency, samples), parameters)),
    mul(weight, rowJets(metric, parameters)),
  );
}

/** iCT is consistency training with another metric and weight, whose target is the student itself. */
export const improvedConsistencyMetric = defineLaw({
  name: "improvedConsistencyMetric",
  title: "iCT is consistency training in another metric",
  statement:
    "With the student in the place of the averaged network the pseudo-Huber metric of consistency training over the step of the noise level is iCT, in value and gradient.",
  formula: String.raw`\bar\Phi = \Phi:\quad \mathcal L_{\mathrm{iCT}} = \frac{\sqrt{\mathcal L_{\mathrm{CT}} + c^2} - c}{\sigma_s - \sigma_{s + \delta}},\quad \sigma_s = \tfrac{1 - s}{s}`,
  bound: 1e-12,
  broken: "the step is that of time, δ",
  ...rowByRow(instances, 8),
});
