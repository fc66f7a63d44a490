import { jvp } from "@pushforward/autodiff";
import { add, div, equal, mul, onesLike, sub, where } from "@pushforward/tensor";
import { type AverageVelocity, asTime, type TimePairField, type VelocityField } from "../flow.ts";
import { firstOrderFlowMap } from "./firstOrder.ts";

/** Settings of the second-order form. */
export interface SecondOrderOptions {
  /**
   * When the velocity at x is taken: at the start time s, where x lives, or at the end time t as some slides write. Both make
   * ∂ₜΦ = v at t = s; only the start is Taylor's. Default "start".
   */
  readonly velocityTime?: "start" | "end";
}

/**
 * The average velocity of the second-order form: a known velocity plus a learned correction.
 *
 *   u(x, s, t) = v(x, s) + (t − s)·n(x, s, t)
 *
 * @param v velocity, forward-differentiable: derivatives in s pass through it
 * @param n correction; half the acceleration as t → s
 * @source Liu 2024 (rectified flow notes)
 */
export const secondOrderVelocity =
  (v: VelocityField, n: AverageVelocity, { velocityTime = "start" }: SecondOrderOptions = {}): TimePairField =>
  (x, s, t) => {
    const [start, end] = [asTime(s, x), asTime(t, x)];
    return add(v(x, velocityTime === "start" ? start : end), mul(sub(end, start), n(x, start, end)));
  };

/**
 * A flow map that is the identity at s = t and leaves x with the right velocity, whatever n is.
 *
 *   Φ(x, s, t) = x + (t − s)·v(x, s) + (t − s)²·n(x, s, t)
 */
export const secondOrderFlowMap = (
  v: VelocityField,
  n: AverageVelocity,
  options: SecondOrderOptions = {},
): TimePairField => firstOrderFlowMap(secondOrderVelocity(v, n, options));

/**
 * The correction n that makes a known average velocity in the second-order form.
 *
 *   n = (u(x, s, t) − v(x, s))/(t − s);   ½·d/ds v(x_s, s) at t = s, where u(x, s, s) must be v(x, s)
 */
export const secondOrderCorrection =
  (v: VelocityField, u: AverageVelocity): TimePairField =>
  (x, s, t) => {
    const [start, end] = [asTime(s, x), asTime(t, x)];
    const [velocity, acceleration] = jvp(v, [x, start], [v(x, start), onesLike(start)]);
    const isDiagonal = equal(start, end);
    const quotient = div(sub(u(x, start, end), velocity), where(isDiagonal, 1, sub(end, start)));
    return where(isDiagonal, mul(0.5, acceleration), quotient);
  };
