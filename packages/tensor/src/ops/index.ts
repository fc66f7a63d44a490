import * as arithmetic from "./arithmetic.ts";
import * as comparison from "./comparison.ts";
import * as contraction from "./contraction.ts";
import * as conversion from "./conversion.ts";
import * as convolution from "./convolution.ts";
import * as indexing from "./indexing.ts";
import * as reduction from "./reduction.ts";
import * as structural from "./structural.ts";
import * as transcendental from "./transcendental.ts";

/** Every function whose first argument is a tensor: methods are derived from this table. */
export const ops = {
  ...arithmetic,
  ...transcendental,
  ...comparison,
  ...reduction,
  /** NumPy's short name of variance, as a method: `x.var()`. */
  var: reduction.variance,
  ...structural,
  ...indexing,
  ...contraction,
  ...convolution,
  ...conversion,
} as const;

/** Name of an operation that is also a method. */
export type OpName = keyof typeof ops;
