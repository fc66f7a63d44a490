import {
  convertPrediction,
  fromLinearPath,
  interpolants,
  interpolate,
  linearTime,
  pathScale,
  velocityOnPath,
} from "@pushforward/flows";
import { add, div, mul, sub } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { randomGaussian } from "../randomFlow.ts";

const { trigonometric, variancePreserving, edm } = interpolants;

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const law = randomGaussian(draws, draws.integer(1, 3));
  const path = draws.pick([trigonometric, variancePreserving, edm]);
  const t = draws.uniforms([n, 1], 0.1, 0.9);
  const x = interpolate(draws.normal([n, law.dim]), law.sample(draws.subkey(), n), t);
  const [y, tau] = fromLinearPath(path, x, t);
  const k = pathScale(path, tau);
  const v = law.velocity(x, t);
  const data = law.denoiser(x, t);
  const noise = sub(x, mul(t, v));
  const later = path.fromLinearTime(draws.uniforms([n, 1], 0.1, 0.9));
  // a DDIM step keeps data and noise and moves the coefficients
  const ddim = add(mul(path.alpha(later), data), mul(path.sigma(later), noise));
  const euler = add(x, mul(sub(linearTime(path, later), t), v));
  return worstOf(
    rowGaps(velocityOnPath(path, law.velocity)(y, tau), add(mul(path.dAlpha(tau), data), mul(path.dSigma(tau), noise))),
    rowGaps(
      convertPrediction(data, y, tau, { from: "data", to: "score", path }),
      isBroken ? law.score(x, t) : div(law.score(x, t), k),
    ),
    rowGaps(div(ddim, pathScale(path, later)), euler),
  );
}

/** Any Gaussian path is the linear path, rescaled. */
export const pathRescaling = defineLaw({
  name: "pathRescaling",
  title: "Every Gaussian path is the linear path, rescaled",
  statement:
    "Velocities, scores and DDIM steps of other interpolants equal those of the linear path at t = α/(α + σ), scaled by k = α + σ.",
  formula: String.raw`t = \frac{\alpha}{k},\quad y = kX_t,\quad \dot y = \dot k X_t + k \dot t v_t(X_t),\quad \nabla\log\rho_y = \frac{s_t}{k},\quad \frac{\alpha' D + \sigma'\varepsilon}{k'} = X_t + (t'-t) v_t`,
  bound: 1e-10,
  broken: "the score is not divided by k",
  ...rowByRow(instances, 8),
});
