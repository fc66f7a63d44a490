import { add, DomainError, mul, optionsOf, sub } from "@pushforward/tensor";
import { checkCall, checkedFunction } from "../callChecks.ts";
import { type AverageVelocity, asTime, type TimePairField, type VelocityField } from "../flow.ts";
import { differenceQuotient } from "./averageVelocity.ts";
import { firstOrderFlowMap } from "./firstOrder.ts";

/** Settings of the second-order form. */
export interface SecondOrderOptions {
  /**
   * The time of the velocity at x: the start time s, which is the time of x, or the end time t, as in some slides. With both
   * times ∂ₜΦ = v at t = s; the start time gives the Taylor expansion. Default "start".
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
export function secondOrderVelocity(
  v: VelocityField,
  n: AverageVelocity,
  options: SecondOrderOptions = {},
): TimePairField {
  const { velocityTime = "start" } = optionsOf("secondOrderVelocity", options);
  if (velocityTime !== "start" && velocityTime !== "end") {
    throw new DomainError(`secondOrderVelocity: velocityTime must be start or end, got "${String(velocityTime)}"`);
  }
  const velocity = checkedFunction("secondOrderVelocity", "v", v);
  const correction = checkedFunction("secondOrderVelocity", "n", n);
  return (x, s, t) => {
    checkCall("secondOrderVelocity", x, { s, t });
    const [start, end] = [asTime(s, x), asTime(t, x)];
    return add(velocity(x, velocityTime === "start" ? start : end), mul(sub(end, start), correction(x, start, end)));
  };
}

/**
 * A flow map that is the identity at s = t and has the velocity v(x, s) at t = s, for every n.
 *
 *   Φ(x, s, t) = x + (t − s)·v(x, s) + (t − s)²·n(x, s, t)
 */
export const secondOrderFlowMap = (
  v: VelocityField,
  n: AverageVelocity,
  options: SecondOrderOptions = {},
): TimePairField => firstOrderFlowMap(secondOrderVelocity(v, n, options));

/**
 * The correction n of a known average velocity in the second-order form, differentiable also at s = t.
 *
 *   n = (u(x, s, t) − v(x, s))/(t − s) = ∫₀¹ ∂ₜu(x, s, s + θ(t − s)) dθ
 *
 * At t = s it is ½·d/ds v(x_s, s), provided that u(x, s, s) is v(x, s).
 */
export function secondOrderCorrection(v: VelocityField, u: AverageVelocity): TimePairField {
  const velocity = checkedFunction("secondOrderCorrection", "v", v);
  const quotient = differenceQuotient(checkedFunction("secondOrderCorrection", "u", u), velocity);
  return (x, s, t) => {
    checkCall("secondOrderCorrection", x, { s, t });
    return quotient(x, asTime(s, x), asTime(t, x));
  };
}
