import { bytesPerElement } from "../array/dtype.ts";
import { sizeOf } from "../array/shape.ts";
import type { ConvParams } from "../primitives/convolution.ts";
import type { NameWithRole } from "../primitives/index.ts";
import type { Role } from "../primitives/primitive.ts";
import type { Equation } from "../program/equation.ts";
import type { Kernel } from "./plan.ts";
import { roleOf } from "./role.ts";
import type { View } from "./view.ts";

/** The least work of a kernel. */
export interface KernelWork {
  /** Bytes that it reads and writes, each once. */
  readonly bytes: number;
  /** Operations on elements: a multiply-add counts as two, a named function as one. */
  readonly flops: number;
}

/** Work of one kernel. */
export function workOf(kernel: Kernel): KernelWork {
  const read = kernel.inputs.reduce((sum, { view }) => sum + bytesSeen(view), 0);
  const written = kernel.outputs.reduce((sum, { buffer }) => sum + buffer.size * bytesPerElement(buffer.dtype), 0);
  const flops = kernel.equations.reduce((sum, equation) => sum + flopsOfRole[roleOf(equation)](equation), 0);
  return { bytes: read + written, flops };
}

/** Bytes of a buffer that a view sees: elements that it repeats count once. */
const bytesSeen = ({ buffer, shape, strides }: View): number =>
  Math.min(buffer.size, sizeOf(shape.filter((_, axis) => strides[axis] !== 0))) * bytesPerElement(buffer.dtype);

type Flops = (equation: Equation) => number;

const none: Flops = () => 0;
const onePerResult: Flops = ({ output }) => sizeOf(output.shape);
const onePerOperand: Flops = ({ operands: [x] }) => sizeOf(x.shape);

const flopsOfContraction: Readonly<Record<NameWithRole<"contract">, Flops>> = {
  matmul: ({ operands: [x], output }) => 2 * sizeOf(output.shape) * x.shape[x.shape.length - 1],
  // Zeros beside a picture count, zeros between its rows do not.
  conv: ({ operands: [, kernel], output, params }) =>
    (2 * sizeOf(output.shape) * sizeOf(kernel.shape.slice(-4, -1))) / sizeOf((params as ConvParams).inputDilation),
};

const flopsOfMove: Readonly<Record<NameWithRole<"move">, Flops>> = {
  ...{ iota: none, pad: none, concat: none, gather: none, argsort: none },
  scatterAdd: onePerOperand,
};

const flopsOfRole: Readonly<Record<Role, Flops>> = {
  ...{ view: none, marker: none, host: none },
  map: onePerResult,
  reduce: onePerOperand,
  scan: onePerOperand,
  contract: (equation) => flopsOfContraction[equation.primitive.name as NameWithRole<"contract">](equation),
  move: (equation) => flopsOfMove[equation.primitive.name as NameWithRole<"move">](equation),
};
