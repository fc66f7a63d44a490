import {
  bind,
  broadcastTo,
  type NameWithRole,
  noParams,
  type PrimitiveName,
  primitives as p,
  primitiveOf,
  type Role,
  reshape,
  type Tensor,
  transpose,
} from "@pushforward/tensor";
import type { Batched, BatchRule, BatchTable } from "./rule.ts";

/** The value with the mapped axis in front; a value without this axis is repeated along it. */
export const withBatch = ({ value, isBatched }: Batched, size: number): Tensor =>
  isBatched ? value : broadcastTo(value, [size, ...value.shape]);

/** An elementwise primitive treats the mapped axis as one more axis. */
const elementwiseBatch =
  <P extends PrimitiveName>(name: P): BatchRule<P> =>
  (operands, params, size) =>
    bind(
      primitiveOf(name),
      operands.map((x) => withBatch(x, size)),
      params,
    );

/** The same rule for every primitive with a role. */
const forRole = <R extends Role>(role: R): { [P in NameWithRole<R>]: BatchRule<P> } =>
  Object.fromEntries(
    Object.entries(p).flatMap(([name, primitive]) =>
      primitive.role === role ? [[name, elementwiseBatch(name as PrimitiveName)]] : [],
    ),
  ) as never;

/** Axis numbers increase by one for the mapped axis in front. */
const up = (axes: readonly number[]): number[] => axes.map((axis) => axis + 1);

const structuralBatch = {
  iota: () => {
    throw new Error("vmap: iota has no operands and is never batched");
  },
  broadcastTo: ([{ value }], { shape }, size) => {
    const missing = new Array<number>(shape.length - (value.rank - 1)).fill(1);
    return broadcastTo(reshape(value, [size, ...missing, ...value.shape.slice(1)]), [size, ...shape]);
  },
  reshape: ([{ value }], { shape }, size) => reshape(value, [size, ...shape]),
  transpose: ([{ value }], { permutation }) => transpose(value, [0, ...up(permutation)]),
  slice: ([{ value }], { start, stop, step }, size) =>
    bind(p.slice, [value], { start: [0, ...start], stop: [size, ...stop], step: [1, ...step] }),
  pad: ([{ value }], { low, high, interior }) =>
    bind(p.pad, [value], { low: [0, ...low], high: [0, ...high], interior: [0, ...interior] }),
  concat: (operands, { axis }, size) =>
    bind(
      p.concat,
      operands.map((x) => withBatch(x, size)),
      { axis: axis + 1 },
    ),
  flip: ([{ value }], { axes }) => bind(p.flip, [value], { axes: up(axes) }),
} satisfies Partial<BatchTable>;

const indexingBatch = {
  // If only the indices are batched, they are simply more indices; otherwise the mapped axis is a batch axis of gather.
  gather: ([x, indices], { batchAxes }, size) =>
    !x.isBatched && batchAxes === 0
      ? bind(p.gather, [x.value, indices.value], { batchAxes })
      : bind(p.gather, [withBatch(x, size), withBatch(indices, size)], { batchAxes: batchAxes + 1 }),
  scatterAdd: ([updates, indices], { batchAxes, size: n }, size) =>
    bind(p.scatterAdd, [withBatch(updates, size), withBatch(indices, size)], { batchAxes: batchAxes + 1, size: n }),
  argsort: ([{ value }], { axis }) => bind(p.argsort, [value], { axis: axis + 1 }),
} satisfies Partial<BatchTable>;

const reductionBatch = {
  sum: ([{ value }], { axes }) => bind(p.sum, [value], { axes: up(axes) }),
  max: ([{ value }], { axes }) => bind(p.max, [value], { axes: up(axes) }),
  min: ([{ value }], { axes }) => bind(p.min, [value], { axes: up(axes) }),
  argmax: ([{ value }], { axis }) => bind(p.argmax, [value], { axis: axis + 1 }),
  cumsum: ([{ value }], { axis, reverse }) => bind(p.cumsum, [value], { axis: axis + 1, reverse }),
} satisfies Partial<BatchTable>;

/** If only one operand is batched, the mapped axis is merged into its free axis: one large product replaces many small products. */
const matmulBatch: BatchRule<"matmul"> = ([x, y], _, size) => {
  const isPlain = (x.isBatched ? x.value.rank - 1 : x.value.rank) === 2;
  if (isPlain && !y.isBatched) {
    const [, m, k] = x.value.shape;
    const n = y.value.shape[1];
    return reshape(bind(p.matmul, [reshape(x.value, [size * m, k]), y.value], noParams), [size, m, n]);
  }
  if (isPlain && !x.isBatched) {
    const [, k, n] = y.value.shape;
    const wide = reshape(transpose(y.value, [1, 0, 2]), [k, size * n]);
    const m = x.value.shape[0];
    return transpose(reshape(bind(p.matmul, [x.value, wide], noParams), [m, size, n]), [1, 0, 2]);
  }
  return bind(p.matmul, [withBatch(x, size), withBatch(y, size)], noParams);
};

/** If only one operand is batched, the mapped axis is merged into the pictures or into the channels of the result, as in `matmul`. */
const convBatch: BatchRule<"conv"> = ([x, kernel], params, size) => {
  const isPlain = (x.isBatched ? x.value.rank - 1 : x.value.rank) === 4;
  if (isPlain && !kernel.isBatched) {
    const [, n, ...picture] = x.value.shape;
    const out = bind(p.conv, [reshape(x.value, [size * n, ...picture]), kernel.value], params);
    return reshape(out, [size, n, ...out.shape.slice(1)]);
  }
  if (isPlain && !x.isBatched) {
    const [, kh, kw, c, o] = kernel.value.shape;
    const wide = reshape(transpose(kernel.value, [1, 2, 3, 0, 4]), [kh, kw, c, size * o]);
    const out = bind(p.conv, [x.value, wide], params);
    return transpose(reshape(out, [...out.shape.slice(0, 3), size, o]), [3, 0, 1, 2, 4]);
  }
  return bind(p.conv, [withBatch(x, size), withBatch(kernel, size)], params);
};

/** How every primitive acts when some operands carry the mapped axis in front. */
export const batchRules: BatchTable = {
  ...forRole("map"),
  ...forRole("marker"),
  ...structuralBatch,
  ...indexingBatch,
  ...reductionBatch,
  matmul: matmulBatch,
  conv: convBatch,
};
