/**
 * A flow map of your own; it starts as the flow of dx/dt = −x. Check it:
 *
 *   npx --yes pnpm@10 pushforward verify --map ./playground/myMap.ts
 */
import { exp, neg, sub, type Tensor } from "@pushforward/tensor";

/** Φ(x, s, t) of points [batch, dim] from times s to times t, [batch, 1]. Both s < t and s > t occur. */
export default (x: Tensor, s: Tensor, t: Tensor): Tensor => x.mul(exp(sub(s, t)));

/** v(x, t) that the map should follow. Without this export fewer laws are checked. */
export const velocity = (x: Tensor): Tensor => neg(x);
