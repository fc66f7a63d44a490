import { DomainError, optionsOf, sizeOf, type Tensor } from "@pushforward/tensor";
import { checkNumber } from "../checkNumber.ts";
import { checkFeatures, checkWhole, type Layer, makeLayer } from "./layer.ts";
import { type NormParams, normParameters, scaledAndShifted } from "./layerNorm.ts";
import { standardized } from "./normalization.ts";

/** Settings of layers.groupNorm. */
export interface GroupNormOptions {
  readonly channels: number;
  /** Number of groups of neighbouring channels, a divisor of `channels`. */
  readonly groups: number;
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
}

/**
 * Group normalisation: each group of channels of each picture gets mean 0 and variance 1, over all pixels.
 *
 *   (x − m)/√(σ² + ε)·w + b,   m and σ² over the pixels and the channels of a group
 *
 * @returns a layer that maps [batch, ..., channels] to the same shape
 * @source  Wu and He 2018
 * @throws  DomainError for settings out of range
 */
export function groupNorm(options: GroupNormOptions): Layer<NormParams> {
  const { channels, groups, epsilon = 1e-5 } = optionsOf("groupNorm", options);
  checkWhole("groupNorm", "channels", channels, 1);
  checkWhole("groupNorm", "groups", groups, 1);
  checkNumber("groupNorm", "epsilon", epsilon, { from: 0 });
  if (channels % groups !== 0) {
    throw new DomainError(`groupNorm: groups must divide the ${channels} channels, got ${groups}`);
  }
  return makeLayer<NormParams, readonly [x: Tensor]>("groupNorm", normParameters(channels, true), (params, x) => {
    checkFeatures("groupNorm", x, channels, params.weight, { rank: 2, axes: "batch, ..." });
    const pixels = sizeOf(x.shape.slice(1, -1));
    const grouped = x.reshape([x.shape[0], pixels, groups, channels / groups]);
    return scaledAndShifted(standardized(grouped, [1, 3], epsilon).reshape(x.shape), params);
  });
}
