import { type ConvParams, type Shape, sizeOf } from "@pushforward/tensor";
import type { Operand } from "../target.ts";

/** Whether a convolution has no outputs, or only sums without terms, for which frameworks have rules of their own. */
export const hasNoTerms = (operands: readonly Operand[], shape: Shape): boolean =>
  sizeOf(shape) === 0 || operands.some((x) => sizeOf(x.shape) === 0);

/** Rows and columns of zeros after the picture; a negative number leaves out rows and columns that no window reads. */
export const convHigh = (
  [x, kernel]: readonly Operand[],
  { stride, dilation, inputDilation, low, size }: ConvParams,
): number[] =>
  [0, 1].map((axis) => {
    const [length, places] = [x.shape[x.shape.length - 3 + axis], kernel.shape[kernel.shape.length - 4 + axis]];
    const [wide, reach] = [(length - 1) * inputDilation[axis] + 1, (places - 1) * dilation[axis] + 1];
    return (size[axis] - 1) * stride[axis] + reach - wide - low[axis];
  });
