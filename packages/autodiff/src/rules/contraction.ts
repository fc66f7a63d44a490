import {
  bind,
  type ConvParams,
  flip,
  noParams,
  type Pair,
  primitives as p,
  type Shape,
  swapAxes,
  type Tensor,
  transpose,
} from "@pushforward/tensor";
import type { JvpTable, TransposeTable } from "./rule.ts";

const product = (x: Tensor, y: Tensor): Tensor => bind(p.matmul, [x, y], noParams);

const convolved = (x: Tensor, kernel: Tensor, params: ConvParams): Tensor => bind(p.conv, [x, kernel], params);

const pictureSize = (shape: Shape): Pair => [shape[shape.length - 3], shape[shape.length - 2]];
const kernelSize = (shape: Shape): Pair => [shape[shape.length - 4], shape[shape.length - 3]];

/** [..., n, a, b, c] → [..., a, b, n, c]. */
const firstToThird = (x: Tensor): Tensor => {
  const batch = x.rank - 4;
  return transpose(x, [...Array.from({ length: batch }, (_, axis) => axis), batch + 1, batch + 2, batch, batch + 3]);
};

/** C ↦ the cotangent of the pictures: the kernel is turned by 180° and its channels are exchanged; strides put zeros between rows. */
function picturesOf(ct: Tensor, kernel: Tensor, params: ConvParams, shape: Shape): Tensor {
  const { stride, dilation, inputDilation, low } = params;
  const sizes = kernelSize(kernel.shape);
  const turned = swapAxes(flip(kernel, [-4, -3]), -1, -2);
  const before = (axis: 0 | 1): number => (sizes[axis] - 1) * dilation[axis] - low[axis];
  return convolved(ct, turned, {
    stride: inputDilation,
    dilation,
    inputDilation: stride,
    low: [before(0), before(1)],
    size: pictureSize(shape),
  });
}

/** C ↦ the cotangent of the kernel: channels of x become pictures, their windows meet C, and stride and dilation change places. */
function kernelOf(ct: Tensor, x: Tensor, params: ConvParams, shape: Shape): Tensor {
  const { stride, dilation } = params;
  const swapped = { ...params, stride: dilation, dilation: stride, size: kernelSize(shape) };
  return firstToThird(convolved(swapAxes(x, -4, -1), firstToThird(ct), swapped));
}

export const contractionJvp = {
  /** d(X·Y) = dX·Y + X·dY */
  matmul: [(dx, { y }) => product(dx, y), (dy, { x }) => product(x, dy)],
  /** d(X∗K) = dX∗K + X∗dK */
  conv: [(dx, { y, params }) => convolved(dx, y, params), (dy, { x, params }) => convolved(x, dy, params)],
} satisfies Partial<JvpTable>;

export const contractionTranspose = {
  /** X ↦ X·Y has the transpose C ↦ C·Yᵀ, Y ↦ X·Y has C ↦ Xᵀ·C */
  matmul: {
    joint: "product",
    operands: [(ct, { y }) => product(ct, swapAxes(y, -1, -2)), (ct, { x }) => product(swapAxes(x, -1, -2), ct)],
  },
  /** X ↦ X∗K has as transpose the convolution of C with K turned by 180°, K ↦ X∗K that of X with C, channels of X taken as pictures */
  conv: {
    joint: "product",
    operands: [
      (ct, { y, params, types: [x] }) => picturesOf(ct, y, params, x.shape),
      (ct, { x, params, types: [, y] }) => kernelOf(ct, x, params, y.shape),
    ],
  },
} satisfies TransposeTable;
