import type { Guidance, GuidanceWeights } from "@pushforward/losses";
import { add, greater, less, mul, sub, type Tensor, type TensorLike, where } from "@pushforward/tensor";
import type { AppliedNetwork } from "./appliedNetwork.ts";

/**
 * A guided velocity.
 *
 *   v° + g·(v − v°), g the scale of the guidance at the time of the velocity
 *
 * @param free v°, the velocity without a class
 */
export const guided =
  (velocity: AppliedNetwork, free: AppliedNetwork, guidance: Guidance): AppliedNetwork =>
  (x, t) => {
    const plain = free(x, t);
    return add(plain, mul(within(guidance, t, guidance.scale, 1), sub(velocity(x, t), plain)));
  };

/** ω and κ of a student that is trained to be guided, with ω/(1 − κ) the scale; 1 and 0 outside of the interval of times. */
export function guidanceWeights(guidance: Guidance, s: Tensor): GuidanceWeights {
  const { scale, mix } = guidance;
  return { omega: within(guidance, s, scale * (1 - mix), 1), kappa: within(guidance, s, mix, 0) };
}

/** A value within the interval of a guidance and another one elsewhere; a plain number where the interval holds all times. */
function within({ from, to }: Guidance, time: TensorLike, inside: number, outside: number): TensorLike {
  if (from <= 0 && to >= 1) return inside;
  return where(less(time, from), outside, where(greater(time, to), outside, inside));
}
