import { DTypeError } from "./errors.ts";
import { withMemory } from "./outOfMemory.ts";
import { shorten } from "./quote.ts";

/** The element types, widest first. */
export const dtypes = ["float64", "float32", "int32", "bool"] as const;

/** Element type of a tensor; `float64` is the default, as in NumPy. */
export type DType = (typeof dtypes)[number];

/** Storage of a tensor's elements in row-major order; a bool is one byte, 0 or 1. */
export type TypedArray = Float64Array | Float32Array | Int32Array | Uint8Array;

const constructors = { float64: Float64Array, float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/**
 * New zeroed storage for `size` elements.
 *
 * @throws BackendError where there is no memory for it
 */
export function allocate(dtype: DType, size: number): TypedArray {
  const array = constructors[dtype];
  return withMemory(`tensor of ${dtype}`, size * array.BYTES_PER_ELEMENT, () => new array(size));
}

/** Bytes of one element. */
export const bytesPerElement = (dtype: DType): number => constructors[dtype].BYTES_PER_ELEMENT;

/** Whether derivatives can flow through this type. */
export const isFloat = (dtype: DType): dtype is "float64" | "float32" => dtype === "float64" || dtype === "float32";

/**
 * The element type a typed array stores.
 *
 * @throws DTypeError for another kind of typed array
 */
export function dtypeOfArray(data: TypedArray): DType {
  const dtype = dtypes.find((name) => data instanceof constructors[name]);
  if (dtype) return dtype;
  const known = dtypes.map((name) => constructors[name].name).join(", ");
  throw new DTypeError(
    `tensor: a typed array must be one of ${known}, got ${(data as object).constructor.name}; copy it with Array.from`,
  );
}

/** Distance from 1 to the next larger number of this type. */
export const epsilonOf = (dtype: DType): number => (dtype === "float32" ? 2 ** -23 : 2 ** -52);

/** Throws a DTypeError unless `dtype` is one of ours. */
export function checkDType(operation: string, dtype: DType): DType {
  if (dtypes.includes(dtype)) return dtype;
  throw new DTypeError(`${operation}: dtype must be one of ${dtypes.join(", ")}, got ${shorten(String(dtype))}`);
}
