import { losses } from "@pushforward/losses";
import { div, sub } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { limitAtZero } from "../limitAtZero.ts";
import { lossInstance, lossOf, rowGradients } from "../lossInstance.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const limit = limitAtZero((delta) =>
    rowGradients(lossOf(losses.backwardFiniteDifference, samples, { delta }), parameters),
  );
  const want = isBroken ? losses.backwardExact : losses.backwardSemi;
  return rowGaps(div(limit, sub(samples.t, samples.s)), rowGradients(lossOf(want, samples), parameters));
}

/** The finite-difference backward loss has the semi-gradient in the limit. */
export const finiteDifferenceTendsToBackward = defineLaw({
  name: "finiteDifferenceTendsToBackward",
  title: "Finite-difference backward → semi-gradient",
  statement:
    "As δ tends to zero the gradient of the finite-difference backward loss tends to t − s times the gradient of the semi-gradient loss.",
  formula: String.raw`\nabla \tfrac1\delta\lVert\Phi(x_s,s,t) - \mathrm{sg} \Phi(x_s + \delta v_s, s+\delta, t)\rVert^2 \to (t-s) \nabla\lVert U - \mathrm{sg}(v_s + (t-s)\tfrac{dU}{ds})\rVert^2`,
  bound: 1e-7,
  broken: "the limit is sought in the gradient of the whole residual",
  ...rowByRow(instances, 8),
});
