import { firstOrderFlowMap, trigAngle, trigFlowVelocity } from "@pushforward/flows";
import { backwardResidual, losses, normalizedTangent } from "@pushforward/losses";
import { div, mul, onesLike, reshape, square, squaredNorm } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf } from "../lossInstance.ts";
import { rowAverageVelocity } from "../rowNetwork.ts";

/** σ_d of TrigFlow. */
const sigmaData = 0.5;

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { dim, parameters, samples } = lossInstance(draws, n);
  const { xs, s, v } = samples;
  const { cos, scale } = trigAngle(s, { sigmaData });
  const map = firstOrderFlowMap(trigFlowVelocity(rowAverageVelocity(parameters), { sigmaData }));
  const slope = backwardResidual(map, v, xs, s, onesLike(s));
  const tangent = mul(div(mul(-sigmaData, cos), square(scale)), slope);
  const expected = div(squaredNorm(normalizedTangent(tangent)), dim);
  const got = lossOf(losses.scmDistillation, samples, { warmup: isBroken ? 0.5 : 1 })(parameters);
  return rowGaps(reshape(got, [n, 1]), reshape(expected, [n, 1]));
}

/** sCM's rearranged tangent is the derivative of its map. */
export const trigFlowTangent = defineLaw({
  name: "trigFlowTangent",
  title: "sCM's tangent is the backward residual",
  statement:
    "The tangent of sCM, a sum of bounded parts on TrigFlow's circle, is the rescaled derivative of the map to the data along the flow; the loss is the square of the normalised tangent.",
  formula: String.raw`g = \cos\tau \frac{df}{d\tau} = -\cos\tau \frac{\sigma_d}{k^2} \Bigl(\partial_s\Phi_{s\to1} + \nabla\Phi_{s\to1} v_s\Bigr),\qquad k = \cos\tau + \sigma_d\sin\tau`,
  bound: 1e-9,
  broken: "the warm-up is not complete",
  controlBound: 1e-6,
  ...rowByRow(instances, 8),
});
