import { losses } from "@pushforward/losses";
import { mul, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { limitAtZero } from "../limitAtZero.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const quotient = (step: number): Tensor =>
    mul(step ** -2, rowJets(lossOf(losses.triConsistencyFull, samples, { r: sub(samples.t, step) }), parameters));
  const want = lossOf(isBroken ? losses.localForward : losses.lsdNone, samples);
  return rowGaps(limitAtZero(quotient), rowJets(want, parameters));
}

/** A middle time close to the end turns tri-consistency into the forward loss with the map's own diagonal as velocity. */
export const triTendsToForward = defineLaw({
  name: "triTendsToForward",
  title: "Tri-consistency → forward loss",
  statement:
    "As the middle time tends to the end, tri-consistency over ε² tends to the forward loss of self-distillation, in value and gradient.",
  formula: String.raw`\frac{\mathcal L_{\mathrm{tri}}(t_1 = t_2 - \varepsilon)}{\varepsilon^2} \to \lVert \partial_t\Phi_{s\to t} - u_\theta(\Phi_{s\to t}, t)\rVert^2,\qquad u_\theta(x, t) = U_\theta(x, t, t)`,
  bound: 1e-7,
  broken: "the velocity is a teacher's instead of the map's own diagonal",
  controlBound: 1e-3,
  ...rowByRow(instances, 8),
});
