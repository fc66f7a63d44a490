import { convertPrediction, interpolate, type Prediction, predictions } from "@pushforward/flows";
import { div, mul, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { randomGaussian, randomMixture } from "../randomFlow.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const law = draws.chance(0.5) ? randomGaussian(draws, draws.integer(1, 3)) : randomMixture(draws);
  const t = draws.uniforms([n, 1], 0.05, 0.95);
  const x = interpolate(draws.normal([n, law.dim]), law.sample(draws.subkey(), n), t);
  const data = law.denoiser(x, t);
  const exact: Record<Prediction, Tensor> = {
    data,
    noise: div(sub(x, mul(t, data)), sub(1, t)),
    score: law.score(x, t),
    velocity: law.velocity(x, t),
  };
  const clock = isBroken ? sub(1, t) : t;
  const pairs = predictions.flatMap((from) => predictions.filter((to) => to !== from).map((to) => ({ from, to })));
  return worstOf(
    ...pairs.map(({ from, to }) => rowGaps(convertPrediction(exact[from], x, clock, { from, to }), exact[to])),
  );
}

/** Velocity, score, denoiser and noise determine each other. */
export const predictionConversions = defineLaw({
  name: "predictionConversions",
  title: "Velocity ⇄ score ⇄ denoiser ⇄ noise",
  statement: "Each of the four exact predictions of a Gaussian or mixture converts into each of the other three.",
  formula: String.raw`v = D - \varepsilon,\quad x = tD + (1-t)\varepsilon,\quad s = -\frac{\varepsilon}{1-t},\quad v = \frac{x + (1-t)s}{t},\quad D = x + (1-t)v,\quad \varepsilon = x - tv`,
  bound: 1e-10,
  broken: "time runs in the opposite direction: t is replaced by 1 − t",
  ...rowByRow(instances, 8),
});
