import {
  DomainError,
  DTypeError,
  formatShape,
  keys,
  matmul,
  mustBe,
  optionsOf,
  ShapeError,
  sameShape,
  Tensor,
  zeros,
} from "@pushforward/tensor";
import { choose } from "../choose.ts";
import { type ActivationName, activations } from "../layers/activations.ts";
import { type InitializerName, initializers } from "../layers/initializers.ts";
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
      checkInput(x, sizes[0], params.layers[0].weight);
      const { layers } = params;
      return layers.reduce((h, { weight, bias }, i) => {
        const affine = matmul(h, weight).add(bias);
        return i === layers.length - 1 ? affine : between(affine);
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
  const layers: unknown = params instanceof Tensor ? undefined : params?.layers;
  if (!Array.isArray(layers)) {
    const got =
      params instanceof Tensor ? `a tensor ${formatShape(params.shape)}` : params === null ? "null" : typeof params;
    throw new DTypeError(
      `${operation}: apply takes the parameters first, { layers } as init(key) makes them, got ${got}; call apply(params, x, …)`,
    );
  }
  if (layers.length !== sizes.length - 1) {
    throw new ShapeError(`${operation}: the parameters must have ${sizes.length - 1} layers, got ${layers.length}`);
  }
  layers.forEach((layer: Partial<LayerParams> | undefined, i) => {
    checkParam(`${operation}: layers.${i}.weight`, layer?.weight, [sizes[i], sizes[i + 1]]);
    checkParam(`${operation}: layers.${i}.bias`, layer?.bias, [sizes[i + 1]]);
  });
}

function checkParam(path: string, value: Tensor | undefined, shape: readonly number[]): void {
  if (!(value instanceof Tensor))
    throw new DTypeError(`${path} must be a tensor ${formatShape(shape)}, got ${typeof value}`);
  if (!sameShape(value.shape, shape)) {
    throw new ShapeError(
      `${path} must be ${formatShape(shape)}, got ${formatShape(value.shape)}; init(key) makes parameters that fit`,
    );
  }
}

function checkInput(x: Tensor, size: number, { dtype }: Tensor): void {
  if (!(x instanceof Tensor))
    throw new DTypeError(`mlp: x must be a tensor [..., ${size}], got ${Array.isArray(x) ? "an array" : typeof x}`);
  if (x.shape.at(-1) !== size) {
    throw new ShapeError(`mlp: the last axis must have size ${size}, got ${formatShape(x.shape)}`);
  }
  if (x.dtype !== dtype && !x.weak) {
    throw new DTypeError(
      `mlp: x must be ${dtype} like the parameters, got ${x.dtype}; use cast(x, "${dtype}"), or init with that dtype`,
    );
  }
}
