import { optionsOf, type Tensor } from "@pushforward/tensor";
import { checkNumber } from "../checkNumber.ts";
import { checkFeatures, checkWhole, type Layer, makeLayer, Parameter } from "./layer.ts";
import { divideByRoot } from "./normalization.ts";
import { ones } from "./startingValues.ts";

/** Parameters of layers.rmsNorm. */
export interface RmsNormParams {
  /** [dim] */
  readonly weight: Tensor;
}

/** Settings of layers.rmsNorm. */
export interface RmsNormOptions {
  /** Number of features. */
  readonly dim: number;
  /** Added to the mean square; default 1e-6. */
  readonly epsilon?: number;
}

/**
 * Normalisation by the root mean square: the features of each point get mean square 1.
 *
 *   x/√(mean(x²) + ε)·w,   the mean over the last axis
 *
 * @returns a layer that maps [..., dim] to [..., dim]
 * @source  Zhang and Sennrich 2019
 * @throws  DomainError for settings out of range
 */
export function rmsNorm(options: RmsNormOptions): Layer<RmsNormParams> {
  const { dim, epsilon = 1e-6 } = optionsOf("rmsNorm", options);
  checkWhole("rmsNorm", "dim", dim, 1);
  checkNumber("rmsNorm", "epsilon", epsilon, { from: 0 });
  return makeLayer<RmsNormParams, readonly [x: Tensor]>(
    "rmsNorm",
    { weight: new Parameter([dim], ones) },
    (params, x) => {
      checkFeatures("rmsNorm", x, dim, params.weight);
      return divideByRoot(x, -1, epsilon).mul(params.weight);
    },
  );
}
