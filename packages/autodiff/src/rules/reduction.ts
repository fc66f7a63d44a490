import { bind, broadcastTo, cast, equal, primitives as p, reshape, type Tensor } from "@pushforward/tensor";
import type { JvpTable, RuleContext, TransposeTable } from "./rule.ts";

/** The shape with reduced axes kept as 1. */
const keptShape = (x: Tensor | { readonly shape: readonly number[] }, axes: readonly number[]): number[] =>
  x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));

/** The mean of dx over the elements that are the extremum. */
const extremumRule = (dx: Tensor, { x, out, params }: RuleContext<{ readonly axes: readonly number[] }>): Tensor => {
  const reached = cast(equal(x, reshape(out, keptShape(x, params.axes))), x.dtype as "float64");
  return dx.mul(reached).sum(params.axes).div(reached.sum(params.axes));
};

export const reductionJvp = {
  /** d Σx = Σ dx */
  sum: [(dx, { params }) => dx.sum(params.axes)],
  /** d max x = mean of dx over the elements that reach it: ties share equally */
  max: [extremumRule],
  /** d min x = mean of dx over the elements that reach it: ties share equally */
  min: [extremumRule],
  /** d cumsum(x) = cumsum(dx); the transpose sums from the opposite end */
  cumsum: [(dx, { params }) => bind(p.cumsum, [dx], params)],
} satisfies Partial<JvpTable>;

export const reductionTranspose = {
  sum: {
    joint: "sum",
    operands: [(ct, { types: [x], params: { axes } }) => broadcastTo(reshape(ct, keptShape(x, axes)), x.shape)],
  },
  /** The transpose of a sum up to an index is a sum from this index on. */
  cumsum: {
    joint: "sum",
    operands: [(ct, { params: { axis, reverse } }) => bind(p.cumsum, [ct], { axis, reverse: !reverse })],
  },
} satisfies TransposeTable;
