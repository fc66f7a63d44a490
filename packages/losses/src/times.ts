import { broadcastTo, equal, type Tensor, where } from "@pushforward/tensor";

/** A time (scalar or [batch, 1]) as one number per sample of x [batch, dim]: [batch]. */
export const perSample = (time: Tensor, x: Tensor): Tensor =>
  broadcastTo(time, [...x.shape.slice(0, -1), 1]).reshape(x.shape.slice(0, -1));

/** (t + s)/2. */
export const midpoint = (s: Tensor, t: Tensor): Tensor => s.add(t).mul(0.5);

/** x/y, and another number where y = 0: there is no 0/0, in values and derivatives. */
export const ratioOr = (x: Tensor, y: Tensor, atZero: number): Tensor => {
  const isZero = equal(y, 0);
  return where(isZero, atZero, x.div(where(isZero, 1, y)));
};
