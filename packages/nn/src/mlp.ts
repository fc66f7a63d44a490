import { DomainError, formatShape, keys, matmul, ShapeError, type Tensor, zeros } from "@pushforward/tensor";
import { type ActivationName, activations } from "./activations.ts";
import { choose } from "./choose.ts";
import { type InitializerName, initializers } from "./initializers.ts";
import type { Network } from "./network.ts";

/** One affine layer: x·weight + bias. */
export interface LayerParams {
  /** [in, out] */
  readonly weight: Tensor;
  /** [out] */
  readonly bias: Tensor;
}

/** Parameters of a multilayer perceptron. */
export interface MlpParams {
  readonly layers: readonly LayerParams[];
}

/** Settings of mlp. */
export interface MlpOptions {
  /** Widths from input to output, e.g. [2, 64, 64, 2]. */
  readonly sizes: readonly number[];
  /** Between the layers; default silu. */
  readonly activation?: ActivationName;
  /** Initialiser of the weights; default heNormal. Biases start at 0. */
  readonly init?: InitializerName;
  /** Initialiser of the last layer's weights; default that of the others. */
  readonly lastInit?: InitializerName;
}

/**
 * Multilayer perceptron: affine layers with an activation between them.
 *
 *   h₀ = x;   hᵢ₊₁ = φ(hᵢ·Wᵢ + bᵢ), without φ after the last layer
 *
 * @returns a network whose `apply(params, x)` maps [..., in] to [..., out]
 * @throws  DomainError for sizes that are not two or more positive whole numbers, or an unknown name
 */
export function mlp(options: MlpOptions): Network<MlpParams, readonly [x: Tensor]> {
  const { sizes, activation = "silu", init = "heNormal", lastInit = init } = options;
  if (sizes.length < 2 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new DomainError(`mlp: sizes must be at least two positive whole numbers, got [${sizes.join(", ")}]`);
  }
  const between = choose("mlp", "activation", activations, activation);
  const [start, startLast] = [init, lastInit].map((name) => choose("mlp", "initialiser", initializers, name));
  const last = sizes.length - 2;
  return {
    init: (key, { dtype = "float64" } = {}) => ({
      layers: keys(key, last + 1).map((layerKey, i) => ({
        weight: (i === last ? startLast : start)(layerKey, [sizes[i], sizes[i + 1]], { dtype }),
        bias: zeros([sizes[i + 1]], { dtype }),
      })),
    }),
    apply: ({ layers }, x) => {
      if (x.shape.at(-1) !== sizes[0]) {
        throw new ShapeError(`mlp: the last axis must have size ${sizes[0]}, got ${formatShape(x.shape)}`);
      }
      return layers.reduce((h, { weight, bias }, i) => {
        const affine = matmul(h, weight).add(bias);
        return i === layers.length - 1 ? affine : between(affine);
      }, x);
    },
  };
}
