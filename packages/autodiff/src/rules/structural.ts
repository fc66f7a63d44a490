import {
  bind,
  broadcastTo,
  concat,
  flip,
  primitives as p,
  reshape,
  type Shape,
  slice,
  sum,
  type Tensor,
  type TensorType,
  transpose,
  zeros,
} from "@pushforward/tensor";
import type { JvpTable, TransposeTable } from "./rule.ts";

export const structuralJvp = {
  /** d repeat(x) = repeat(dx); the transpose sums over the repeated axes */
  broadcastTo: [(dx, { params }) => broadcastTo(dx, params.shape)],
  /** d reshape(x) = reshape(dx) */
  reshape: [(dx, { params }) => reshape(dx, params.shape)],
  /** d xᵀ = dxᵀ */
  transpose: [(dx, { params }) => transpose(dx, params.permutation)],
  /** d x[part] = dx[part]; the transpose pads with zeros */
  slice: [(dx, { params }) => bind(p.slice, [dx], params)],
  /** d pad(x) = pad(dx); the transpose extracts the part */
  pad: [(dx, { params }) => bind(p.pad, [dx], params)],
  /** d flip(x) = flip(dx) */
  flip: [(dx, { params }) => flip(dx, params.axes)],
  /** d concat(x, y, …) = concat(dx, dy, …), zeros for an operand without a tangent */
  concat: (tangents, { operands, params }) =>
    concat(
      tangents.map((dx, i) => dx ?? zeros(operands[i].shape, { dtype: operands[i].dtype })),
      params.axis,
    ),
  /** d x[i] = dx[i]; the transpose adds up at i */
  gather: [(dx, { y, params }) => bind(p.gather, [dx, y], params), null],
  /** d Σ x at i = Σ dx at i; the transpose gathers at i */
  scatterAdd: [(dx, { y, params }) => bind(p.scatterAdd, [dx, y], params), null],
  /** d cast(x) = cast(dx) between floats: rounding is not differentiated; a cast to int32 or bool has no derivative */
  cast: [(dx, { params: { dtype } }) => (dtype === "int32" || dtype === "bool" ? null : dx.cast(dtype))],
} satisfies Partial<JvpTable>;

/** The transpose of repetition is a sum over the repeated axes. */
export function sumToShape(ct: Tensor, shape: Shape): Tensor {
  const added = ct.rank - shape.length;
  const leading = Array.from({ length: added }, (_, axis) => axis);
  const stretched = shape.flatMap((n, axis) => (n === 1 && ct.shape[axis + added] !== 1 ? [axis + added] : []));
  return reshape(sum(ct, [...leading, ...stretched]), shape);
}

/** The padding that returns the elements of a slice to their positions. */
function padOfSlice(
  type: TensorType,
  params: { start: readonly number[]; step: readonly number[] },
  out: Shape,
): object {
  const { start, step } = params;
  const covered = out.map((n, axis) => (n === 0 ? 0 : (n - 1) * step[axis] + 1));
  return {
    low: start,
    high: type.shape.map((n, axis) => n - start[axis] - covered[axis]),
    interior: step.map((s) => s - 1),
  };
}

export const structuralTranspose = {
  broadcastTo: { joint: "sum", operands: [(ct, { types }) => sumToShape(ct, types[0].shape)] },
  reshape: { joint: "sum", operands: [(ct, { types }) => reshape(ct, types[0].shape)] },
  transpose: {
    joint: "sum",
    operands: [
      (ct, { params: { permutation } }) =>
        transpose(
          ct,
          permutation.map((_, axis) => permutation.indexOf(axis)),
        ),
    ],
  },
  slice: {
    joint: "sum",
    operands: [
      (ct, { types, params }) =>
        bind(p.pad, [ct], padOfSlice(types[0], params, ct.shape) as Parameters<typeof p.pad.type>[1]),
    ],
  },
  pad: {
    joint: "sum",
    operands: [
      (ct, { types, params: { low, interior } }) => {
        const step = interior.map((n) => n + 1);
        const stop = types[0].shape.map((n, axis) => (n === 0 ? low[axis] : low[axis] + (n - 1) * step[axis] + 1));
        return bind(p.slice, [ct], { start: low, stop, step });
      },
    ],
  },
  flip: { joint: "sum", operands: [(ct, { params }) => flip(ct, params.axes)] },
  concat: {
    joint: "sum",
    operands: (ct, { types, params: { axis } }) => {
      let start = 0;
      return types.map(({ shape }) => {
        const range = [start, start + shape[axis]] as const;
        start += shape[axis];
        return slice(ct, ...new Array<null>(axis).fill(null), range);
      });
    },
  },
  gather: {
    joint: "sum",
    operands: [
      (ct, { y, types, params: { batchAxes } }) =>
        bind(p.scatterAdd, [ct, y], { batchAxes, size: types[0].shape[batchAxes] }),
      null,
    ],
  },
  scatterAdd: {
    joint: "sum",
    operands: [(ct, { y, params: { batchAxes } }) => bind(p.gather, [ct, y], { batchAxes }), null],
  },
  cast: { joint: "sum", operands: [(ct, { types }) => ct.cast(types[0].dtype)] },
} satisfies TransposeTable;
