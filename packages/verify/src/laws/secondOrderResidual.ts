import { secondOrderFlowMap, secondOrderVelocity } from "@pushforward/flows";
import { losses } from "@pushforward/losses";
import { mul, reshape, square, sub } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowGradients } from "../lossInstance.ts";
import { type RowParameters, rowAverageVelocity } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const { s, t, teacher } = samples;
  const length = square(sub(t, s));
  const phi = secondOrderFlowMap(teacher, rowAverageVelocity(parameters), { velocityTime: isBroken ? "end" : "start" });
  const backward = reshape(losses.backwardExact.loss({ ...samples, phi }), [n, 1]);
  const own = lossOf(losses.secondOrder, samples);
  const meanFlow = (p: RowParameters) =>
    losses.meanFlow.loss({ ...samples, u: secondOrderVelocity(teacher, rowAverageVelocity(p)) });
  return worstOf(
    rowGaps(mul(length, reshape(own(parameters), [n, 1])), backward),
    rowGaps(mul(mul(0.5, length), rowGradients(own, parameters)), rowGradients(meanFlow, parameters)),
  );
}

/** The second-order loss is the backward loss of its map without the factor that vanishes on the diagonal. */
export const secondOrderResidual = defineLaw({
  name: "secondOrderResidual",
  title: "Second-order form: the backward residual divided by t − s",
  statement:
    "The loss of the second-order form is the backward loss of its map over (t − s)², and its gradient is twice the gradient of MeanFlow over (t − s)².",
  formula: String.raw`\Phi = x + (t-s)v_s + (t-s)^2N:\qquad \frac{\partial_s\Phi + \nabla\Phi v_s}{t - s} = \tfrac{d}{ds}v_s - 2N + (t-s)\tfrac{d}{ds}N`,
  bound: 1e-12,
  broken: "the velocity in the map is taken at the end time",
  ...rowByRow(instances, 8),
});
