import { type FlowMap, firstOrderFlowMap, secondOrderFlowMap } from "@pushforward/flows";
import { losses } from "@pushforward/losses";
import { add, mul, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { limitAtZero } from "../limitAtZero.ts";
import { lossInstance, rowJets } from "../lossInstance.ts";
import { type RowParameters, rowAverageVelocity } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const isForward = draws.chance(0.5);
  const mapOf = (p: RowParameters): FlowMap =>
    isBroken ? firstOrderFlowMap(rowAverageVelocity(p)) : secondOrderFlowMap(samples.teacher, rowAverageVelocity(p));
  const quotient = (step: number): Tensor => {
    const r = isForward ? sub(samples.t, step) : add(samples.s, step);
    const tri = (p: RowParameters): Tensor => losses.triConsistencyFull.loss({ ...samples, r, phi: mapOf(p) });
    return mul(step ** -2, rowJets(tri, parameters));
  };
  const limit = isForward ? losses.localForward : losses.backwardExact;
  return rowGaps(
    limitAtZero(quotient),
    rowJets((p) => limit.loss({ ...samples, phi: mapOf(p) }), parameters),
  );
}

/** In the second-order form the limits of tri-consistency are the true forward and backward losses. */
export const secondOrderTri = defineLaw({
  name: "secondOrderTri",
  title: "Second-order form: limits with the true velocity",
  statement:
    "In the second-order form, whose diagonal is the teacher's velocity, tri-consistency tends to the teacher's forward and backward loss.",
  formula: String.raw`\Phi = x + (t-s)v_s + (t-s)^2N:\qquad \frac{\mathcal L_{\mathrm{tri}}}{\varepsilon^2} \to \lVert\partial_t\Phi - v_t(\Phi)\rVert^2,\quad \lVert\partial_s\Phi + \nabla\Phi v_s\rVert^2`,
  bound: 1e-7,
  broken: "the map has the first-order form, whose diagonal is not the teacher's velocity",
  controlBound: 1e-3,
  ...rowByRow(instances, 8),
});
