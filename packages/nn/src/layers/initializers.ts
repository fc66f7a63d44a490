import {
  mul,
  normal,
  optionsOf,
  quote,
  type Shape,
  ShapeError,
  sizeOf,
  type Tensor,
  uniform,
  zeros as zeroTensor,
} from "@pushforward/tensor";
import type { ParameterOptions } from "../networks/network.ts";

/**
 * Starting values of weights [..., in, out] from a key: a matrix [in, out], or a kernel [height, width, in, out] with the axes of its
 * window first.
 */
export type Initializer = (key: Tensor, shape: Shape, options?: ParameterOptions) => Tensor;

/** Checks the shape and the options of weights, and returns the dtype. */
function dtypeFor(name: string, shape: Shape, options: ParameterOptions): "float64" | "float32" {
  if (!Array.isArray(shape) || shape.length === 0) {
    throw new ShapeError(`${name}: the shape must be [..., in, out], got ${quote(shape)}`);
  }
  return optionsOf(name, options).dtype ?? "float64";
}

/** The number of inputs of each output, and of outputs that an input reaches. */
interface Fans {
  /** All axes but the last. */
  readonly fanIn: number;
  /** The last axis, times the window of a kernel. */
  readonly fanOut: number;
}

const fansOf = (shape: Shape): Fans => ({
  fanIn: sizeOf(shape.slice(0, -1)),
  fanOut: sizeOf(shape.slice(0, -2)) * shape[shape.length - 1],
});

/** Uniform on [−bound, bound). */
const uniformWithin =
  (name: string, boundOf: (fans: Fans) => number): Initializer =>
  (key, shape, options = {}) => {
    const dtype = dtypeFor(name, shape, options);
    const bound = boundOf(fansOf(shape));
    return uniform(key, shape, { dtype, min: -bound, max: bound });
  };

/** Normal with the given standard deviation. */
const normalWith =
  (name: string, deviation: (fans: Fans) => number): Initializer =>
  (key, shape, options = {}) => {
    const dtype = dtypeFor(name, shape, options);
    return mul(normal(key, shape, { dtype }), deviation(fansOf(shape)));
  };

/**
 * The initialisers by name: weights have mean 0 and the variance in the comment. A matrix [in, out] has fanIn = in and fanOut = out; a kernel
 * [height, width, in, out] has both times height·width.
 *
 * @source Glorot and Bengio 2010, equation 16; He et al. 2015, equation 10
 */
export const initializers = {
  /** 2/(fanIn + fanOut), uniform on ±√(6/(fanIn + fanOut)). */
  glorotUniform: uniformWithin("glorotUniform", ({ fanIn, fanOut }) => Math.sqrt(6 / (fanIn + fanOut))),
  /** 2/(fanIn + fanOut), normal. */
  glorotNormal: normalWith("glorotNormal", ({ fanIn, fanOut }) => Math.sqrt(2 / (fanIn + fanOut))),
  /** 2/fanIn, uniform on ±√(6/fanIn). */
  heUniform: uniformWithin("heUniform", ({ fanIn }) => Math.sqrt(6 / fanIn)),
  /** 2/fanIn, normal. */
  heNormal: normalWith("heNormal", ({ fanIn }) => Math.sqrt(2 / fanIn)),
  /** 0, for the last layer: the network starts as the zero function, and its gradient is not zero. */
  zeros: (_key, shape, options = {}) => zeroTensor(shape, { dtype: dtypeFor("zeros", shape, options) }),
} as const satisfies Record<string, Initializer>;

/** Name of an initialiser. */
export type InitializerName = keyof typeof initializers;
