import { broadcastTo, type Tensor } from "@pushforward/tensor";

/** A time (scalar or [batch, 1]) as one number per sample of x [batch, dim]: [batch]. */
export const perSample = (time: Tensor, x: Tensor): Tensor =>
  broadcastTo(time, [...x.shape.slice(0, -1), 1]).reshape(x.shape.slice(0, -1));
