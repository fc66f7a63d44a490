import type { Tensor } from "@pushforward/tensor";

/** (t + s)/2. */
export const midpoint = (s: Tensor, t: Tensor): Tensor => s.add(t).mul(0.5);
