import { averageVelocityNetwork, type MlpParams } from "@pushforward/nn";
import { mul, reshape, type Tensor } from "@pushforward/tensor";

/** A small network of the two times alone. */
const network = averageVelocityNetwork({ dim: 1, width: 32, depth: 1 });

/** Starting parameters of ω: it is 0 everywhere, so that all weights are 1. */
export const initialOmega = (key: Tensor, dtype: "float32" | "float64"): MlpParams => network.init(key, { dtype });

/** ω(s, t) of columns [batch, 1] at given parameters, [batch]. */
export const omegaOf =
  (params: MlpParams) =>
  (s: Tensor, t: Tensor): Tensor =>
    reshape(network.apply(params, mul(0, s), s, t), [-1]);
