import { matmul, optionsOf, type Tensor } from "@pushforward/tensor";
import { choose } from "../choose.ts";
import { type InitializerName, initializers } from "./initializers.ts";
import { checkFeatures, checkWhole, type Layer, makeLayer, Parameter } from "./layer.ts";

/** Parameters of an affine layer. */
export interface LinearParams {
  /** [in, out] */
  readonly weight: Tensor;
  /** [out] */
  readonly bias?: Tensor;
}

/** Settings of layers.linear. */
export interface LinearOptions {
  /** Number of features of the input. */
  readonly in: number;
  /** Number of features of the result. */
  readonly out: number;
  /** Whether a bias is added; default true. */
  readonly bias?: boolean;
  /** Initialiser of the weights; default glorotUniform. The bias starts at 0. */
  readonly init?: InitializerName;
}

/**
 * Affine layer.
 *
 *   x·W + b
 *
 * @returns a layer that maps [..., in] to [..., out]
 * @throws  DomainError for settings out of range
 */
export function linear(options: LinearOptions): Layer<LinearParams> {
  const { in: inputs, out, bias = true, init = "glorotUniform" } = optionsOf("linear", options, "bias");
  checkWhole("linear", "in", inputs, 1);
  checkWhole("linear", "out", out, 1);
  const start = choose("linear", "initialiser", initializers, init);
  const parameters = {
    weight: new Parameter([inputs, out], start),
    ...(bias ? { bias: new Parameter([out], initializers.zeros) } : {}),
  };
  return makeLayer<LinearParams, readonly [x: Tensor]>("linear", parameters, (params, x) => {
    checkFeatures("linear", x, inputs, params.weight);
    return affine(x, params);
  });
}

/** x·W + b, without b where there is none. */
export function affine(x: Tensor, { weight, bias }: LinearParams): Tensor {
  const product = matmul(x, weight);
  return bias === undefined ? product : product.add(bias);
}
