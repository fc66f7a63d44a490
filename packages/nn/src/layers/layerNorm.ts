import { optionsOf, type Tensor } from "@pushforward/tensor";
import { checkNumber } from "../checkNumber.ts";
import { initializers } from "./initializers.ts";
import { checkFeatures, checkWhole, type Layer, makeLayer, Parameter } from "./layer.ts";
import { standardized } from "./normalization.ts";
import { ones } from "./startingValues.ts";

/** Scale and shift after a normalisation; absent where it has none. */
export interface NormParams {
  /** [dim] */
  readonly weight?: Tensor;
  /** [dim] */
  readonly bias?: Tensor;
}

/** Settings of layers.layerNorm. */
export interface LayerNormOptions {
  /** Number of features. */
  readonly dim: number;
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
  /** Whether a learnt scale and shift follow; default true. */
  readonly affine?: boolean;
}

/**
 * Layer normalisation: the features of each point get mean 0 and variance 1.
 *
 *   (x − m)/√(σ² + ε)·w + b,   m and σ² over the last axis
 *
 * @returns a layer that maps [..., dim] to [..., dim]; without `affine` it has no parameters
 * @source  Ba, Kiros and Hinton 2016
 * @throws  DomainError for settings out of range
 */
export function layerNorm(options: LayerNormOptions): Layer<NormParams> {
  const { dim, epsilon = 1e-5, affine = true } = optionsOf("layerNorm", options, "affine");
  checkWhole("layerNorm", "dim", dim, 1);
  checkNumber("layerNorm", "epsilon", epsilon, { from: 0 });
  return makeLayer<NormParams, readonly [x: Tensor]>("layerNorm", normParameters(dim, affine), (params, x) => {
    checkFeatures("layerNorm", x, dim, params.weight);
    return scaledAndShifted(standardized(x, -1, epsilon), params);
  });
}

/** Parameters of a scale that starts at 1 and a shift that starts at 0. */
export const normParameters = (dim: number, isAffine: boolean) =>
  isAffine ? { weight: new Parameter([dim], ones), bias: new Parameter([dim], initializers.zeros) } : {};

/** x·w + b along the last axis. */
export function scaledAndShifted(x: Tensor, { weight, bias }: NormParams): Tensor {
  return weight === undefined || bias === undefined ? x : x.mul(weight).add(bias);
}
