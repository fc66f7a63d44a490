import { jvp } from "@pushforward/autodiff";
import { checkedFunction, checkSameShape, checkTimes, type FlowMap, type VelocityField } from "@pushforward/flows";
import { onesLike, type Tensor } from "@pushforward/tensor";
import { checkBatch } from "./checkInput.ts";

/**
 * The forward residual of a map, zero when Φ is the flow of v: the velocity at the end point minus the velocity of the end point.
 *
 *   Δ = v_t(Φ(x, s, t)) − ∂ₜΦ(x, s, t)
 *
 * @returns [batch, dim]
 */
export function forwardResidual(phi: FlowMap, v: VelocityField, x: Tensor, s: Tensor, t: Tensor): Tensor {
  check("forwardResidual", x, s, t);
  const map = checkedFunction("forwardResidual", "phi", phi);
  const [P, dP] = jvp((end: Tensor) => map(x, s, end), [t], [onesLike(t)]);
  return checkedFunction("forwardResidual", "v", v)(P, t).sub(dP);
}

/**
 * The backward residual of a map, zero when Φ is the flow of v: the velocity of the end point when the start moves along v.
 *
 *   Δ = ∂ₛΦ(x, s, t) + ∇ₓΦ(x, s, t)·v
 *
 * @param v velocity at (x, s), [batch, dim]
 * @returns [batch, dim]
 */
export function backwardResidual(phi: FlowMap, v: Tensor, x: Tensor, s: Tensor, t: Tensor): Tensor {
  check("backwardResidual", x, s, t);
  checkSameShape("backwardResidual", "v", v, x);
  const map = checkedFunction("backwardResidual", "phi", phi);
  const [, dP] = jvp((start: Tensor, from: Tensor) => map(start, from, t), [x, s], [v, onesLike(s)]);
  return dP;
}

function check(operation: string, x: Tensor, s: Tensor, t: Tensor): void {
  checkBatch(operation, x);
  checkTimes(operation, x, { s, t });
}
