import { allocate, type TypedArray } from "../../../array/dtype.ts";
import { isContiguous } from "../../../array/layout.ts";
import { sizeOf } from "../../../array/shape.ts";
import { DenseTensor, type Tensor } from "../../../array/tensor.ts";
import type { Kernel } from "../../../compiler/plan.ts";
import { uniformConstant } from "../../../compiler/uniformConstant.ts";
import type { View } from "../../../compiler/view.ts";
import { evaluate } from "../../../interpret/evaluation.ts";
import { copyStrided } from "../../../primitives/strided.ts";
import type { Lowering } from "./lowering.ts";

const constructors = { float64: Float64Array, float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** The elements of a view, in row-major order: in place where they are neighbours, else a copy. */
export function readView(memory: ArrayBufferLike, address: number, view: View): TypedArray {
  const { buffer, shape, offset } = view;
  const all = new constructors[buffer.dtype](memory as ArrayBuffer, address, buffer.size);
  if (isContiguous(view)) return all.subarray(offset, offset + sizeOf(shape));
  const out = allocate(buffer.dtype, sizeOf(shape));
  copyStrided(out, all, view);
  return out;
}

/** Runs a kernel's equations in JavaScript by the reference loops: kernels without generated code. */
export function lowerHost(lowering: Lowering, kernel: Kernel, index: number): void {
  const { equations, inputs, outputs } = kernel;
  const reads = inputs.map(({ value, view }) => ({ value, view, address: lowering.addressOf(view.buffer) }));
  const writes = outputs.map(({ value, buffer }) => ({ value, buffer, address: lowering.addressOf(buffer) }));
  const run = (memory: ArrayBufferLike): void => {
    const values = new Map<Tensor, DenseTensor>();
    for (const { value, view, address } of reads) values.set(value, retyped(readView(memory, address, view), value));
    for (const { primitive, operands, params, output } of equations) {
      const dense = operands.map((x) => values.get(x) ?? constantOf(x));
      values.set(output, evaluate(primitive, dense, params));
    }
    for (const { value, buffer, address } of writes) {
      new constructors[buffer.dtype](memory as ArrayBuffer, address, buffer.size).set(values.get(value)!.buffer);
    }
  };
  lowering.launches.push({ kind: "host", kernel: index, run });
}

const retyped = (buffer: TypedArray, like: Tensor): DenseTensor =>
  new DenseTensor(buffer, like.shape, like.dtype, like.weak);

function constantOf(x: Tensor): DenseTensor {
  if (x instanceof DenseTensor && uniformConstant(x) !== undefined) return x;
  throw new Error("wasm: a kernel reads a value that is not among its inputs");
}
