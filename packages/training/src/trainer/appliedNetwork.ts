import type { Tensor, TensorLike } from "@pushforward/tensor";

/** A network with its parameters put in: v(x, t) or u(x, s, t). */
export type AppliedNetwork = (x: Tensor, ...times: TensorLike[]) => Tensor;
