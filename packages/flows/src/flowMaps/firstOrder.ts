import { add, mul, sub } from "@pushforward/tensor";
import { checkCall, checkedFunction } from "../callChecks.ts";
import { type AverageVelocity, asTime, type TimePairField } from "../flow.ts";

/**
 * A flow map from its average velocity; it is the identity at s = t for every u.
 *
 *   Φ(x, s, t) = x + (t − s)·u(x, s, t)
 */
export const firstOrderFlowMap = (u: AverageVelocity): TimePairField => {
  const average = checkedFunction("firstOrderFlowMap", "u", u);
  return (x, s, t) => {
    checkCall("firstOrderFlowMap", x, { s, t });
    return add(x, mul(sub(t, s), average(x, asTime(s, x), asTime(t, x))));
  };
};
