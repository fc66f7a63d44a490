import { type DenseTensor, type Shape, sizeOf, stridesOf, type Tensor, type TypedArray } from "../../src/index.ts";

/** A place in a tensor, one number an axis. */
export type Index = readonly number[];

/** Every index of a shape in row-major order. */
export function indicesOf(shape: Shape): Index[] {
  const strides = stridesOf(shape);
  return Array.from({ length: sizeOf(shape) }, (_, i) => shape.map((n, axis) => Math.floor(i / strides[axis]) % n));
}

/** The element at an index. */
export const at = (x: Tensor, index: Index): number => {
  const strides = stridesOf(x.shape);
  return x.concrete("at").buffer[index.reduce((offset, i, axis) => offset + i * strides[axis], 0)];
};

/** Values of a shape from a formula for each element: the definition of an operation, written as slowly as it reads. */
export const tabulate = (shape: Shape, element: (index: Index) => number): number[] =>
  indicesOf(shape).map((index) => element(index));

/** Elements as plain numbers, −0 and NaN as they are. */
export const valuesOf = (x: Tensor | TypedArray): number[] => Array.from("dataSync" in x ? x.dataSync() : x);

/** The sum of big whole numbers as int32 keeps it: modulo 2³². */
export const wrap = (x: bigint): number => Number(BigInt.asIntN(32, x));

/** Evaluates with values only. */
export type Evaluated = Pick<DenseTensor, "shape" | "dtype" | "buffer">;
