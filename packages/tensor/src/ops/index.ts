import * as arithmetic from "./arithmetic.ts";
import * as comparison from "./comparison.ts";
import { dot, matmul, outer } from "./contraction.ts";
import { bitAnd, bitXor, cast, shiftLeft, shiftRight } from "./conversion.ts";
import { argsort, gather, oneHot, scatterAdd, sort, take } from "./indexing.ts";
import * as reduction from "./reduction.ts";
import {
  broadcastTo,
  expandDims,
  flip,
  moveAxis,
  pad,
  ravel,
  reshape,
  slice,
  split,
  squeeze,
  swapAxes,
  tile,
  transpose,
  tril,
  triu,
} from "./structural.ts";
import * as transcendental from "./transcendental.ts";

/** Every function whose first argument is a tensor: methods are derived from this table. */
export const ops = {
  ...arithmetic,
  ...transcendental,
  ...comparison,
  ...reduction,
  /** NumPy's short name of variance, as a method: `x.var()`. */
  var: reduction.variance,
  broadcastTo,
  expandDims,
  flip,
  moveAxis,
  pad,
  ravel,
  reshape,
  slice,
  split,
  squeeze,
  swapAxes,
  tile,
  transpose,
  tril,
  triu,
  argsort,
  gather,
  oneHot,
  scatterAdd,
  sort,
  take,
  matmul,
  dot,
  outer,
  cast,
  bitAnd,
  bitXor,
  shiftLeft,
  shiftRight,
} as const;

/** Name of an operation that is also a method. */
export type OpName = keyof typeof ops;
