import type { Tensor } from "@pushforward/tensor";

/** Float type of parameters; default float64. */
export interface ParameterOptions {
  readonly dtype?: "float64" | "float32";
}

/** A network: how its parameters start, and what it computes from them. Both are pure functions. */
export interface Network<Params, Args extends readonly unknown[]> {
  /** The starting parameters of a key, a plain tree. */
  init(key: Tensor, options?: ParameterOptions): Params;
  /** The output at given parameters. */
  apply(params: Params, ...args: Args): Tensor;
}
