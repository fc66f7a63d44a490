import { gelu, silu, softplus, type Tensor, type TensorLike, tanh } from "@pushforward/tensor";

/** The elementwise function between two layers. */
export type Activation = (x: TensorLike) => Tensor;

/**
 * The activations by name. All are smooth: losses of flow maps differentiate a network in its times and then in its parameters,
 * and the second derivative of relu is 0.
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
