import { jvp, stopGradient } from "@pushforward/autodiff";
import { losses, tangentRegression } from "@pushforward/losses";
import { add, mul, onesLike, square, sub, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps, worstOf } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowGradients } from "../lossInstance.ts";
import { type RowParameters, rowAverageVelocity } from "../rowNetwork.ts";

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const { dim, parameters, samples } = lossInstance(draws, n);
  const { xs, s } = samples;
  const critic = samples.critic!;
  const velocity = rowAverageVelocity(parameters)(xs, s, s);
  const spread = draws.normal([n, dim]);
  const along = (v: Tensor): [Tensor, Tensor] => jvp(critic, [xs, s], [v, onesLike(s)]);
  // Two velocities of single samples, of the network's as their mean.
  const mean = isBroken ? add(velocity, mul(0.5, spread)) : velocity;
  const [value, fake] = along(velocity);
  const [up, down] = [add(mean, spread), sub(mean, spread)].map((v) => along(v)[1]);
  const objective = mul(0.5, add(tangentRegression(up, fake, value), tangentRegression(down, fake, value)));
  const squares = add(mul(0.5, add(square(up), square(down))), add(square(fake), mul(0.001, square(value))));
  const force = (p: RowParameters): Tensor => {
    const [C, J] = [critic, along(velocity)[1]] as const;
    const [, moved] = jvp((x: Tensor) => C(x, s), [xs], [rowAverageVelocity(p)(xs, s, s)]);
    return mul(stopGradient(mul(2, sub(J, 1)), "weight"), moved);
  };
  const constant = { critic: (x: Tensor, t: Tensor) => mul(0, critic(x, t)) };
  return worstOf(
    rowGaps(objective, add(2, squares)),
    rowGaps(rowGradients(lossOf(losses.continuousAdversarial, samples), parameters), rowGradients(force, parameters)),
    rowGaps(
      rowGradients(lossOf(losses.continuousAdversarial, samples, constant), parameters),
      mul(0, rowGradients(force, parameters)),
    ),
  );
}

/** At the velocity of the data a critic of CAFM is best as a constant, which leaves the student no gradient. */
export const continuousAdversarialBalance = defineLaw({
  name: "continuousAdversarialBalance",
  title: "Balance of CAFM",
  statement:
    "Where the student is the mean of the velocities of single samples, the critic's objective is 2 and a sum of squares of J and C, so its best J is 0; the gradient of the student is 2(J − 1)∇C, which is then 0.",
  formula: String.raw`\hat v = \mathbb E v:\quad \mathbb E\left[(J(v) - 1)^2 + (J(\hat v) + 1)^2 + c_p C^2\right] = 2 + \mathbb E J(v)^2 + J(\hat v)^2 + c_p C^2,\qquad \tfrac{\partial}{\partial \hat v} (J(\hat v) - 1)^2 = 2 (J(\hat v) - 1) \nabla C`,
  bound: 1e-12,
  broken: "the student is not the mean of the velocities",
  ...rowByRow(instances, 8),
});
