import { bytesPerElement } from "../array/dtype.ts";
import { sizeOf } from "../array/shape.ts";
import type { Equation } from "../program/equation.ts";
import type { Kernel } from "./plan.ts";
import { knownName, roleOf } from "./role.ts";
import type { View } from "./view.ts";

/** What a kernel has to do at least. */
export interface KernelWork {
  /** Bytes that it reads and writes, each once. */
  readonly bytes: number;
  /** Operations on elements: a multiply-add is two, a named function one. */
  readonly flops: number;
}

/** Work of one kernel. */
export function workOf(kernel: Kernel): KernelWork {
  const read = kernel.inputs.reduce((sum, { view }) => sum + touched(view), 0);
  const written = kernel.outputs.reduce((sum, { buffer }) => sum + buffer.size * bytesPerElement(buffer.dtype), 0);
  return { bytes: read + written, flops: kernel.equations.reduce((sum, equation) => sum + flopsOf(equation), 0) };
}

/** Bytes of a buffer that a view sees: what it repeats counts once. */
const touched = ({ buffer, shape, strides }: View): number =>
  Math.min(buffer.size, sizeOf(shape.filter((_, axis) => strides[axis] !== 0))) * bytesPerElement(buffer.dtype);

function flopsOf(equation: Equation): number {
  const { operands, output } = equation;
  switch (roleOf(equation)) {
    case "map":
      return sizeOf(output.shape);
    case "reduce":
    case "scan":
      return sizeOf(operands[0].shape);
    case "contract":
      return 2 * sizeOf(output.shape) * operands[0].shape[operands[0].shape.length - 1];
    default:
      return knownName(equation) === "scatterAdd" ? sizeOf(operands[0].shape) : 0;
  }
}
