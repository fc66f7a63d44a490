import type { Tensor } from "@pushforward/tensor";

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
