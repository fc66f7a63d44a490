import { collapse, type View } from "../../../compiler/view.ts";
import { type KernelText, kernelText } from "../kernelText.ts";
import { indexAt, threadsOf } from "../threads.ts";

/** The elements of a view, row-major. */
export function copyKernel({ shape, strides, offset }: View): KernelText {
  const axes = collapse(shape, [strides]);
  const { output, coordinates, functions } = threadsOf(axes.shape);
  return kernelText(1, [`return a0[${indexAt(offset, axes.strides[0], coordinates)}];`], output, functions);
}
