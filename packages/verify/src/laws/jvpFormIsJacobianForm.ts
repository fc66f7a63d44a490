import { losses } from "@pushforward/losses";
import { reshape, squaredNorm } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf } from "../lossInstance.ts";
import { byJacobian, type Derivative, residualFormNames, residualForms } from "../residualForms.ts";

/** Without the tangent of the time. */
const timeless: Derivative = (f, x, time, dx) => byJacobian(f, x, time, dx, 0);

function instances(draws: Draws, n: number, isBroken: boolean): Float64Array {
  const name = draws.pick(residualFormNames);
  const { parameters, samples } = lossInstance(draws, n);
  const expanded = squaredNorm(residualForms[name](parameters, samples, isBroken ? timeless : byJacobian));
  return rowGaps(reshape(lossOf(losses[name], samples)(parameters), [n, 1]), reshape(expanded, [n, 1]));
}

/** A loss with a jvp equals the loss with explicit Jacobians. */
export const jvpFormIsJacobianForm = defineLaw({
  name: "jvpFormIsJacobianForm",
  title: "JVP form = expanded Jacobian",
  statement: "Every loss with a jvp has the same value with Jacobians that are built row by row in reverse mode.",
  formula: String.raw`\frac{d}{ds}U = \mathrm{jvp}\bigl(U, (x,s,t), (v,1,0)\bigr) = \nabla_x U v + \partial_s U,\qquad \partial_t\Phi = U + (t-s) \partial_t U`,
  bound: 1e-12,
  broken: "the tangent of the time is missing",
  ...rowByRow(instances, 2),
});
