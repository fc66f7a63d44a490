import { isContiguous } from "../../array/layout.ts";
import { DenseTensor } from "../../array/tensor.ts";
import type { TensorType } from "../../array/tensorType.ts";
import type { Buffer, View } from "../../compiler/view.ts";
import type { Equation } from "../../program/equation.ts";
import { copyKernel } from "./kernels/copy.ts";
import type { KernelText } from "./kernelText.ts";

/** An array on the device: an argument of the program, a constant, or the result of a kernel. */
export type DeviceArray =
  | { readonly kind: "argument"; readonly index: number }
  | { readonly kind: "constant"; readonly value: DenseTensor }
  | { readonly kind: "result"; readonly kernel: KernelText; readonly operands: readonly DeviceArray[] };

/** A matrix product that is computed when its epilogue is. */
export interface DeferredProduct {
  readonly left: View;
  readonly right: View;
  readonly epilogue: readonly Equation[];
}

/** Arrays that a kernel may read: WebGPU grants 8 buffers, one is written. @source WebGPU, maxStorageBuffersPerShaderStage */
export const maxArrays = 7;

/** Lowers a plan: which kernels run, on what, in order. */
export class Lowering {
  readonly launches: DeviceArray[] = [];
  /** Products that are not computed yet, by the buffer of their result. */
  readonly deferred = new Map<Buffer, DeferredProduct>();
  private readonly arrays = new Map<Buffer, DeviceArray>();
  private readonly numbers = new Map<number, DeviceArray>();

  place(buffer: Buffer, array: DeviceArray): void {
    this.arrays.set(buffer, array);
  }

  arrayOf(buffer: Buffer): DeviceArray {
    const array = this.arrays.get(buffer);
    if (array) return array;
    throw new Error("gpujs: a kernel reads a buffer that no kernel has written");
  }

  /** The result of one more launch. */
  launch(kernel: KernelText, operands: readonly DeviceArray[]): DeviceArray {
    if (operands.length > maxArrays) throw new Error(`gpujs: a kernel reads ${operands.length} arrays`);
    const array: DeviceArray = { kind: "result", kernel, operands };
    this.launches.push(array);
    return array;
  }

  /** An array of one number that the text of a kernel cannot express, such as Infinity. */
  number(value: number): DeviceArray {
    const known = this.numbers.get(value) ?? { kind: "constant", value: scalar(value) };
    this.numbers.set(value, known);
    return known;
  }

  /** The elements of a view in row-major order from the start of an array: a copy where the view has another order. */
  contiguous(view: View): DeviceArray {
    const array = this.arrayOf(view.buffer);
    if (view.offset === 0 && isContiguous(view)) return array;
    return this.launch(copyKernel(view), [array]);
  }
}

const scalarType: TensorType = { shape: [1], dtype: "float32", weak: false };
const scalar = (value: number): DenseTensor => new DenseTensor(Float32Array.of(value), scalarType.shape, "float32");
