import { add, mul, sub } from "@pushforward/tensor";
import { type AverageVelocity, asTime, type TimePairField } from "../flow.ts";

/**
 * A flow map by its average velocity, the identity at s = t whatever u is.
 *
 *   Φ(x, s, t) = x + (t − s)·u(x, s, t)
 */
export const firstOrderFlowMap =
  (u: AverageVelocity): TimePairField =>
  (x, s, t) =>
    add(x, mul(sub(t, s), u(x, asTime(s, x), asTime(t, x))));
