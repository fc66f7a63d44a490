import { gelu, silu, softplus, type Tensor, type TensorLike, tanh } from "@pushforward/tensor";

/** A function between two layers. */
export type Activation = (x: TensorLike) => Tensor;

/**
 * The activations by name. All are smooth: losses of flow maps differentiate a network in its times and once more in its
 * parameters, where the kink of relu would leave nothing.
 */
export const activations = {
  /** x·σ(x). */
  silu,
  /** x·Φ(x), Φ the standard normal distribution function. */
  gelu: (x: TensorLike) => gelu(x),
  tanh,
  /** log(1 + eˣ). */
  softplus,
} as const satisfies Record<string, Activation>;

/** Name of an activation. */
export type ActivationName = keyof typeof activations;
