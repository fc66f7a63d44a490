import type { TypedArray } from "../../array/dtype.ts";
import { BackendError } from "../../array/errors.ts";
import { sizeOf } from "../../array/shape.ts";
import { DenseTensor } from "../../array/tensor.ts";
import type { TensorType } from "../../array/tensorType.ts";
import type { GpuRows } from "./gpuJs.ts";

/** Whole numbers from here on are not all floats. */
const wholeLimit = 2 ** 24;

/**
 * Elements as a device takes them: float32.
 *
 * @throws BackendError for whole numbers that a float32 does not hold
 */
export function toDevice({ buffer, dtype, shape }: DenseTensor): Float32Array {
  if (buffer instanceof Float32Array) return buffer;
  const large = dtype === "int32" ? buffer.find((value) => Math.abs(value) > wholeLimit) : undefined;
  if (large === undefined) return Float32Array.from(buffer);
  throw new BackendError(
    `gpujs: int32 on the device must stay within ±2^24, got ${large} in [${shape}]; use backend "wasm"`,
  );
}

/** Rows of a result one after the other. */
export function joinRows(rows: GpuRows, size: number): Float32Array {
  if (rows instanceof Float32Array) return rows;
  const joined = new Float32Array(size);
  let at = 0;
  const visit = (part: GpuRows): void => {
    if (part instanceof Float32Array) {
      joined.set(part, at);
      at += part.length;
    } else for (const each of part) visit(each);
  };
  visit(rows);
  return joined;
}

/** Elements of a device in their own dtype. */
export function fromDevice(values: Float32Array, { shape, dtype, weak }: TensorType): DenseTensor {
  const elements = values.length === sizeOf(shape) ? values : values.slice(0, sizeOf(shape));
  return new DenseTensor(convert[dtype](elements), shape, dtype, weak);
}

const convert: Readonly<Record<TensorType["dtype"], (values: Float32Array) => TypedArray>> = {
  float64: (values) => Float64Array.from(values),
  float32: (values) => values,
  int32: (values) => Int32Array.from(values),
  bool: (values) => Uint8Array.from(values),
};
