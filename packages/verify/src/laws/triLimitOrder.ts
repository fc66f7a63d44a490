import { losses } from "@pushforward/losses";
import { add, mul, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { observedOrder } from "../limitAtZero.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const isForward = draws.chance(0.5);
  const middle = (step: number): Tensor => (isForward ? sub(samples.t, step) : add(samples.s, step));
  const quotient = (step: number): Tensor =>
    mul(step ** -2, rowJets(lossOf(losses.triConsistencyFull, samples, { r: middle(step) }), parameters));
  const [own, teacher] = isForward ? [losses.lsdNone, losses.localForward] : [losses.esdNone, losses.backwardExact];
  const limit = rowJets(lossOf(isBroken ? teacher : own, samples), parameters);
  return observedOrder(quotient, limit, 2e-4).map((order) => Math.abs(order - 1));
}

/** Tri-consistency approaches both limits with order one. */
export const triLimitOrder = defineLaw({
  name: "triLimitOrder",
  title: "Tri-consistency: order of both limits",
  statement: "The distance of tri-consistency over ε² to either limit halves with ε, in value and gradient together.",
  formula: String.raw`\log_2\frac{\lVert \mathcal L_{\mathrm{tri}}(\varepsilon)/\varepsilon^2 - \mathcal L\rVert}{\lVert \mathcal L_{\mathrm{tri}}(\varepsilon/2)/(\varepsilon/2)^2 - \mathcal L\rVert} = 1`,
  bound: 0.1,
  broken: "the limit is taken with a teacher's velocity, so the distance stays",
  controlBound: 0.5,
  ...rowByRow(instances, 8),
});
