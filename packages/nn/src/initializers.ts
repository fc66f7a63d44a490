import { mul, normal, type Tensor, uniform, zeros as zeroTensor } from "@pushforward/tensor";
import type { ParameterOptions } from "./network.ts";

/** Starting values of a weight matrix [fanIn, fanOut] from a key. */
export type Initializer = (key: Tensor, shape: readonly [number, number], options?: ParameterOptions) => Tensor;

/** Uniform on [−bound, bound). */
const uniformWithin =
  (bound: (fanIn: number, fanOut: number) => number): Initializer =>
  (key, shape, { dtype = "float64" } = {}) =>
    uniform(key, shape, { dtype, min: -bound(...shape), max: bound(...shape) });

/** Normal with the given standard deviation. */
const normalWith =
  (deviation: (fanIn: number, fanOut: number) => number): Initializer =>
  (key, shape, { dtype = "float64" } = {}) =>
    mul(normal(key, shape, { dtype }), deviation(...shape));

/**
 * The initialisers by name: W [fanIn, fanOut] has mean 0 and the variance in the comment.
 *
 * @source Glorot and Bengio 2010, equation 16; He et al. 2015, equation 10
 */
export const initializers = {
  /** 2/(fanIn + fanOut), uniform on ±√(6/(fanIn + fanOut)). */
  glorotUniform: uniformWithin((fanIn, fanOut) => Math.sqrt(6 / (fanIn + fanOut))),
  /** 2/(fanIn + fanOut), normal. */
  glorotNormal: normalWith((fanIn, fanOut) => Math.sqrt(2 / (fanIn + fanOut))),
  /** 2/fanIn, uniform on ±√(6/fanIn). */
  heUniform: uniformWithin((fanIn) => Math.sqrt(6 / fanIn)),
  /** 2/fanIn, normal. */
  heNormal: normalWith((fanIn) => Math.sqrt(2 / fanIn)),
  /** 0: for a last layer, so that a network starts as the zero function and still learns. */
  zeros: (_key, shape, { dtype = "float64" } = {}) => zeroTensor(shape, { dtype }),
} as const satisfies Record<string, Initializer>;

/** Name of an initialiser. */
export type InitializerName = keyof typeof initializers;
