import type { NoParams, Primitive } from "./primitive.ts";

/** Parameters of the stop primitives. */
export interface LabelParams {
  readonly label: string;
}

/** The identity on values: autodiff and the compiler treat each marker in its own way. */
const identity = <P extends object>(name: string): Primitive<P, 1, "marker"> => ({
  name,
  arity: 1,
  role: "marker",
  expression: () => "x",
  type: ([x]) => ({ shape: x!.shape, dtype: x!.dtype, weak: x!.weak }),
  eval: ([x]) => x!.buffer,
});

/** Has no derivative, in any mode, at any level of nesting. */
export const stopGradient = identity<LabelParams>("stopGradient");

/** Cuts the tangent of jvp only: a probe. */
export const stopTangent = identity<LabelParams>("stopTangent");

/** Cuts the cotangent of the transposed program only: a probe. */
export const stopCotangent = identity<LabelParams>("stopCotangent");

/** An identity that the compiler keeps: equal expressions before and after it are not merged. */
export const barrier: Primitive<NoParams, 1, "marker"> = { ...identity<NoParams>("barrier"), isOpaque: true };
