import { jvp } from "@pushforward/autodiff";
import { losses } from "@pushforward/losses";
import { add, squaredNorm, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { randomTimes } from "../lossInstance.ts";
import { randomFlow } from "../randomFlow.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { flow, points } = randomFlow(draws);
  const { s, t } = randomTimes(draws, n);
  const xs = points(s);
  const noise = draws.normal(xs.shape);
  const u = flow.averageVelocity;
  const input = { u, unconditional: u, noise: xs, data: xs, xs, s, t, v: add(flow.velocity(xs, s), noise) };
  const [, carried] = jvp((x: Tensor) => flow.flowMap(x, s, t), [xs], [noise]);
  const [own, end] = [squaredNorm(noise), squaredNorm(carried)];
  return worstOf(
    rowGaps(losses.improvedMeanFlow.loss(input), isBroken ? end : own),
    rowGaps(losses.meanFlow.loss(input), end),
  );
}

/** The floors of iMF and MeanFlow at the exact map: the variance of v, and that variance carried to the end. */
export const improvedMeanFlowVariance = defineLaw({
  name: "improvedMeanFlowVariance",
  title: "Floors of iMF and MeanFlow",
  statement:
    "At the exact map, for v that misses the velocity by η, iMF has the value of η and MeanFlow that of η carried by the map; so their floors are the traces of Cov(v given X_s) and of its image.",
  formula: String.raw`v = v_s + \eta:\quad \mathcal L_{\mathrm{iMF}} = \lVert \eta\rVert^2,\quad \mathcal L_{\mathrm{MeanFlow}} = \lVert \nabla\Phi_{s \to t} \eta\rVert^2,\quad \nabla\Phi_{s \to t} = I + (t - s) \nabla U`,
  bound: 1e-9,
  broken: "the floors are taken to be equal",
  ...rowByRow(instances, 8),
});
