import { DomainError, keys, mustBe, optionsOf, type Tensor, zeros } from "@pushforward/tensor";
import { choose } from "../choose.ts";
import { type ActivationName, activations } from "../layers/activations.ts";
import { type InitializerName, initializers } from "../layers/initializers.ts";
import { checkFeatures, checkParameters } from "../layers/layer.ts";
import { affine, linear } from "../layers/linear.ts";
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
  /** Activation between the layers; default silu. */
  readonly activation?: ActivationName;
  /** Initialiser of the weights; default heNormal. Biases start at 0. */
  readonly init?: InitializerName;
  /** Initialiser of the last layer's weights; default the initialiser of the other layers. */
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
  const { sizes, activation = "silu", init = "heNormal", lastInit = init } = optionsOf("mlp", options);
  mustBe("mlp", "sizes", sizes, "list");
  if (sizes.length < 2 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new DomainError(`mlp: sizes must be at least two positive whole numbers, got [${sizes.join(", ")}]`);
  }
  const between = choose("mlp", "activation", activations, activation);
  const [start, startLast] = [init, lastInit].map((name) => choose("mlp", "initialiser", initializers, name));
  const last = sizes.length - 2;
  return {
    init: (key, options = {}) => {
      const { dtype = "float64" } = optionsOf("mlp: init", options);
      return {
        layers: keys(key, last + 1).map((layerKey, i) => ({
          weight: (i === last ? startLast : start)(layerKey, [sizes[i], sizes[i + 1]], { dtype }),
          bias: zeros([sizes[i + 1]], { dtype }),
        })),
      };
    },
    apply: (params, x) => {
      checkParams("mlp", params, sizes);
      checkFeatures("mlp", x, sizes[0], params.layers[0].weight);
      const { layers } = params;
      return layers.reduce((h, layer, i) => {
        const next = affine(h, layer);
        return i === layers.length - 1 ? next : between(next);
      }, x);
    },
  };
}

/**
 * Checks the parameters of a perceptron.
 *
 * @throws DTypeError for a value that is no tree of parameters, ShapeError for parameters of other sizes
 */
export function checkParams(operation: string, params: MlpParams, sizes: readonly number[]): void {
  checkParameters(operation, params, {
    layers: sizes.slice(1).map((out, i) => linear({ in: sizes[i], out }).parameters),
  });
}
