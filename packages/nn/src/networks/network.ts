import type { Tensor, TensorLike, Tree } from "@pushforward/tensor";

/** Float type of parameters; default float64. */
export interface ParameterOptions {
  readonly dtype?: "float64" | "float32";
}

/** A network as two pure functions: the initial parameters, and the output at given parameters. */
export interface Network<Params, Args extends readonly unknown[]> {
  /** The initial parameters for a key, a plain tree. */
  init(key: Tensor, options?: ParameterOptions): Params;
  /** The output at given parameters. */
  apply(params: Params, ...args: Args): Tensor;
}

/**
 * The arguments of a network after its times, which may be left out: labels int32 [batch] or an int32 scalar, and after them the scale ω of a
 * guidance, a scalar or [batch, 1].
 */
export type Conditions = readonly TensorLike[];

/** A network in x and times, as trainings of flows need it. */
export interface FlowNetwork<Params = Tree, Times extends readonly TensorLike[] = readonly TensorLike[]>
  extends Network<Params, readonly [x: Tensor, ...times: Times]> {
  /** The part of a tree like the parameters, such as their gradients, that belongs to the last layer. */
  lastLayer(params: Params): Tree;
  /**
   * Parameters with which this network computes the velocity v(x, s) of a velocity network with the same hidden layers, at all other
   * times.
   */
  startingAs(velocity: Params): Params;
}
