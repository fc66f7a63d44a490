import { DenseTensor, type Tensor } from "../array/tensor.ts";

/** The number that all elements of a constant are, or undefined. */
export function uniformConstant(x: Tensor): number | undefined {
  if (!(x instanceof DenseTensor) || x.buffer.length === 0) return undefined;
  const [first] = x.buffer;
  return x.buffer.every((value) => Object.is(value, first)) ? first : undefined;
}
