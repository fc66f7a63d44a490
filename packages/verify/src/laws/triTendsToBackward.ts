import { losses } from "@pushforward/losses";
import { add, mul, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { limitAtZero } from "../limitAtZero.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const quotient = (step: number): Tensor =>
    mul(step ** -2, rowJets(lossOf(losses.triConsistencyFull, samples, { r: add(samples.s, step) }), parameters));
  const want = lossOf(isBroken ? losses.backwardExact : losses.esdNone, samples);
  return rowGaps(limitAtZero(quotient), rowJets(want, parameters));
}

/** A middle time close to the start turns tri-consistency into the backward loss with the map's own diagonal as velocity. */
export const triTendsToBackward = defineLaw({
  name: "triTendsToBackward",
  title: "Tri-consistency → backward loss",
  statement:
    "As the middle time tends to the start, tri-consistency over ε² tends to the backward loss of self-distillation, in value and gradient.",
  formula: String.raw`\frac{\mathcal L_{\mathrm{tri}}(t_1 = t_0 + \varepsilon)}{\varepsilon^2} \to \lVert \partial_s\Phi_{s\to t} + \nabla\Phi_{s\to t} u_\theta(x, s)\rVert^2,\qquad u_\theta(x, t) = U_\theta(x, t, t)`,
  bound: 1e-7,
  broken: "the velocity is a teacher's instead of the map's own diagonal",
  controlBound: 1e-3,
  ...rowByRow(instances, 8),
});
