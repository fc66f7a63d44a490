import { jvp } from "@pushforward/autodiff";
import { pathKl, scoreGap, velocityGap } from "@pushforward/flows";
import { div, mul, onesLike, reshape, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { randomGaussian } from "../randomFlow.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const dim = draws.integer(1, 3);
  const [student, data] = [randomGaussian(draws, dim), randomGaussian(draws, dim)];
  const t = draws.uniforms([n, 1], 0.05, 0.95);
  const [, slope] = jvp((time: Tensor) => pathKl(student, data, time), [t], [onesLike(t)]);
  const [p, q] = isBroken ? [data, student] : [student, data];
  const odds = div(t, sub(1, t));
  const column = (x: Tensor): Tensor => reshape(x, [n, 1]);
  const change = column(slope);
  return worstOf(
    rowGaps(mul(odds, column(velocityGap(p, q, t))), change),
    rowGaps(div(column(scoreGap(p, q, t)), odds), change),
  );
}

/** The time derivative of the divergence of the marginals is a mismatch of velocities, or of scores. */
export const klDerivative = defineLaw({
  name: "klDerivative",
  title: "Growth of the divergence",
  statement:
    "For two Gaussians the time derivative of KL is the weighted mismatch of velocities and of scores under the student's law.",
  formula: String.raw`\frac{d}{dt}\mathrm{KL}_t = \frac{t}{1-t} \mathbb E_{\rho^\theta_t}\lVert v^\theta - v\rVert^2 = \frac{1-t}{t} \mathbb E_{\rho^\theta_t}\lVert s^\theta - s\rVert^2`,
  bound: 1e-10,
  broken: "the expectations are taken under the data's law",
  ...rowByRow(instances, 8),
});
