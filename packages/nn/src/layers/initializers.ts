import {
  mul,
  normal,
  optionsOf,
  quote,
  ShapeError,
  type Tensor,
  uniform,
  zeros as zeroTensor,
} from "@pushforward/tensor";
import type { ParameterOptions } from "../networks/network.ts";

/** Starting values of a weight matrix [fanIn, fanOut] from a key. */
export type Initializer = (key: Tensor, shape: readonly [number, number], options?: ParameterOptions) => Tensor;

/** Checks the shape [fanIn, fanOut] and the options of weights, and returns the dtype. */
function dtypeFor(name: string, shape: readonly number[], options: ParameterOptions): "float64" | "float32" {
  if (!Array.isArray(shape) || shape.length !== 2) {
    throw new ShapeError(`${name}: the shape must be [fanIn, fanOut], got ${quote(shape)}`);
  }
  return optionsOf(name, options).dtype ?? "float64";
}

/** Uniform on [−bound, bound). */
const uniformWithin =
  (name: string, boundOf: (fanIn: number, fanOut: number) => number): Initializer =>
  (key, shape, options = {}) => {
    const dtype = dtypeFor(name, shape, options);
    const bound = boundOf(...shape);
    return uniform(key, shape, { dtype, min: -bound, max: bound });
  };

/** Normal with the given standard deviation. */
const normalWith =
  (name: string, deviation: (fanIn: number, fanOut: number) => number): Initializer =>
  (key, shape, options = {}) => {
    const dtype = dtypeFor(name, shape, options);
    return mul(normal(key, shape, { dtype }), deviation(...shape));
  };

/**
 * The initialisers by name: W [fanIn, fanOut] has mean 0 and the variance in the comment.
 *
 * @source Glorot and Bengio 2010, equation 16; He et al. 2015, equation 10
 */
export const initializers = {
  /** 2/(fanIn + fanOut), uniform on ±√(6/(fanIn + fanOut)). */
  glorotUniform: uniformWithin("glorotUniform", (fanIn, fanOut) => Math.sqrt(6 / (fanIn + fanOut))),
  /** 2/(fanIn + fanOut), normal. */
  glorotNormal: normalWith("glorotNormal", (fanIn, fanOut) => Math.sqrt(2 / (fanIn + fanOut))),
  /** 2/fanIn, uniform on ±√(6/fanIn). */
  heUniform: uniformWithin("heUniform", (fanIn) => Math.sqrt(6 / fanIn)),
  /** 2/fanIn, normal. */
  heNormal: normalWith("heNormal", (fanIn) => Math.sqrt(2 / fanIn)),
  /** 0, for the last layer: the network starts as the zero function, and its gradient is not zero. */
  zeros: (_key, shape, options = {}) => zeroTensor(shape, { dtype: dtypeFor("zeros", shape, options) }),
} as const satisfies Record<string, Initializer>;

/** Name of an initialiser. */
export type InitializerName = keyof typeof initializers;
