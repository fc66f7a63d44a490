import { losses } from "@pushforward/losses";
import { div, mul, onesLike, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { limitAtZero } from "../limitAtZero.ts";
import { lossInstance, lossOf, rowGradients } from "../lossInstance.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const { s, noise, data, eulerStep } = samples;
  const isDistilled = draws.chance(0.5);
  const loss = isDistilled ? losses.consistencyDistillation : losses.consistencyTraining;
  const gradient = (delta: number): Tensor =>
    mul(1 / delta, rowGradients(lossOf(loss, samples, { delta, solve: eulerStep }), parameters));
  const limit = limitAtZero(gradient);
  const v = isDistilled ? samples.v : sub(data, noise);
  const meanFlow = rowGradients(lossOf(losses.meanFlow, samples, { v, t: onesLike(s) }), parameters);
  return rowGaps(isBroken ? limit : div(limit, sub(1, s)), meanFlow);
}

/** Consistency models with small steps are MeanFlow with t = 1. */
export const consistencyTendsToMeanFlow = defineLaw({
  name: "consistencyTendsToMeanFlow",
  title: "Consistency → MeanFlow at t = 1",
  statement:
    "As the step tends to zero the gradient of consistency distillation, or training, over δ(1 − s) tends to the gradient of MeanFlow with t = 1.",
  formula: String.raw`\frac{\nabla\mathcal L_{\mathrm{CD}}(\delta)}{\delta (1-s)} \to \nabla\mathcal L_{\mathrm{MeanFlow}}(t = 1, v = v_s),\qquad \frac{\nabla\mathcal L_{\mathrm{CT}}(\delta)}{\delta (1-s)} \to \nabla\mathcal L_{\mathrm{MeanFlow}}(t = 1, v = X_1 - X_0)`,
  bound: 1e-7,
  broken: "the factor 1 − s is left out",
  ...rowByRow(instances, 8),
});
