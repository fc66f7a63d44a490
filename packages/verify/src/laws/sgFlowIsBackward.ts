import { losses } from "@pushforward/losses";
import { add, mul, sub } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowJets } from "../lossInstance.ts";
import { rowAverageVelocity } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { dim, parameters, samples } = lossInstance(draws, n);
  const { xs, s } = samples;
  const own = rowAverageVelocity(parameters)(xs, s, s);
  const spread = draws.normal([n, dim]);
  const mean = isBroken ? add(own, mul(0.5, spread)) : own;
  const [up, down] = [add(mean, spread), sub(mean, spread)].map((v) =>
    rowJets(lossOf(losses.sgFlow, samples, { v }), parameters),
  );
  const exact = rowJets(lossOf(losses.backwardExact, samples, { teacher: () => mean }), parameters);
  return rowGaps(mul(0.5, add(up, down)), exact);
}

/** In the mean over velocities of single samples SGFlow is the backward loss along their mean. */
export const sgFlowIsBackward = defineLaw({
  name: "sgFlowIsBackward",
  title: "SGFlow is the backward loss in the mean",
  statement:
    "Where the network's own velocity is the mean of the velocities of single samples, the mean of SGFlow over them is the backward loss along this mean, in value and gradient.",
  formula: String.raw`\mathbb E v = U(X_s, s, s) \Rightarrow \mathbb E \mathcal L_{\mathrm{SGFlow}}(v) = \lVert \partial_s \Phi + \nabla \Phi \mathbb E v\rVert^2`,
  bound: 1e-10,
  broken: "the network's own velocity is not the mean",
  ...rowByRow(instances, 8),
});
