import { jvp } from "@pushforward/autodiff";
import { checkedFunction, checkTimes, type FlowMap, type VelocityField } from "@pushforward/flows";
import type { Tensor } from "@pushforward/tensor";
import { checkBatch } from "./checkInput.ts";
import { backwardResidual, forwardResidual } from "./residuals.ts";

/** Both sides of the identity of the residuals, and the condition under which it holds; all [batch, dim]. */
export interface ResidualIdentity {
  /** Φ(x, s, t) */
  readonly end: Tensor;
  /** Φ(Φ(x, s, t), t, s), which is x on maps that are invertible in pairs. */
  readonly back: Tensor;
  /** The forward residual of the map from t to s, at the end. */
  readonly forward: Tensor;
  /** The Jacobian of the map from s to t, applied to the forward residual. */
  readonly pushed: Tensor;
  /** The backward residual of the map from s to t. */
  readonly backward: Tensor;
}

/**
 * Both sides of the identity of the residuals, which are equal for every velocity if Φ is invertible in pairs.
 *
 *   ∂ₛΦ(x, s, t) + ∇ₓΦ(x, s, t)·v_s(x) = ∇ₓΦ(x, s, t)·[v_s(Φ(y, t, s)) − ∂ₛΦ(y, t, s)],   y = Φ(x, s, t)
 *
 * @param x [batch, dim]
 */
export function residualIdentity(phi: FlowMap, v: VelocityField, x: Tensor, s: Tensor, t: Tensor): ResidualIdentity {
  checkBatch("residualIdentity", x);
  checkTimes("residualIdentity", x, { s, t });
  const backward = backwardResidual(phi, checkedFunction("residualIdentity", "v", v)(x, s), x, s, t);
  const end = phi(x, s, t);
  const forward = forwardResidual(phi, v, end, t, s);
  const [, pushed] = jvp((start: Tensor) => phi(start, s, t), [x], [forward]);
  return { end, back: phi(end, t, s), forward, pushed, backward };
}
