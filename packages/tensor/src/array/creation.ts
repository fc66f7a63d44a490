import { allocate, checkDType, type DType, isFloat } from "./dtype.ts";
import { DomainError, ShapeError } from "./errors.ts";
import { flattenValues, type TensorValues } from "./flattenValues.ts";
import { mustBe, optionsOf } from "./mustBe.ts";
import { checkShape, formatShape, type Shape, sizeOf } from "./shape.ts";
import { DenseTensor, Tensor } from "./tensor.ts";
import type { TensorType } from "./tensorType.ts";

/** Options of every creation function; the default dtype is float64. */
export interface CreationOptions {
  readonly dtype?: DType;
}

/**
 * A tensor of the given values: nested arrays, a typed array or a tensor (whose type is kept), or one number.
 *
 * @param options dtype: default float64 for numbers, bool for booleans; shape: for flat values
 * @throws ShapeError for ragged nesting, DomainError for values that int32 or bool cannot hold, DTypeError for a value
 *   that is being transformed: it would become a constant
 */
export function tensor(values: TensorValues, options: CreationOptions & { readonly shape?: Shape } = {}): DenseTensor {
  optionsOf("tensor", options);
  const { flat, shape, dtype: own } = flattenValues(values);
  const dtype = checkDType("tensor", options.dtype ?? own);
  const target = options.shape ?? shape;
  if (sizeOf(checkShape("tensor", target)) !== flat.length) {
    throw new ShapeError(`tensor: ${formatShape(target)} needs ${sizeOf(target)} elements, got ${flat.length}`);
  }
  const result = allocate(dtype, flat.length);
  for (let i = 0; i < flat.length; i++) result[i] = checkValue("tensor", Number(flat[i]), dtype);
  return new DenseTensor(result, [...target], dtype);
}

function checkValue(operation: string, value: number, dtype: DType): number {
  if (isFloat(dtype)) return value;
  if (dtype === "bool" ? value === 0 || value === 1 : value === (value | 0)) return value;
  const range = dtype === "bool" ? "0, 1, true or false" : "whole numbers in [−2^31, 2^31)";
  throw new DomainError(`${operation}: ${dtype} holds ${range}, got ${value}; use a float dtype`);
}

function filled(operation: string, shape: Shape, value: number, dtype: DType): DenseTensor {
  mustBe(operation, "the value", value, "number");
  const data = allocate(checkDType(operation, dtype), sizeOf(checkShape(operation, shape)));
  return new DenseTensor(data.fill(checkValue(operation, value, dtype)), [...shape], dtype);
}

function filledLike(operation: string, x: TensorType, value: number): DenseTensor {
  if (!(x instanceof Tensor)) mustBe(operation, "x", x, "object");
  return filled(operation, x.shape, value, x.dtype);
}

/** A tensor of one repeated value; bool for a boolean. */
export const full = (shape: Shape, value: number | boolean, options: CreationOptions = {}): DenseTensor =>
  filled(
    "full",
    shape,
    typeof value === "boolean" ? Number(value) : value,
    optionsOf("full", options).dtype ?? (typeof value === "boolean" ? "bool" : "float64"),
  );

/** Zeros of a shape. */
export const zeros = (shape: Shape, options: CreationOptions = {}): DenseTensor =>
  filled("zeros", shape, 0, optionsOf("zeros", options).dtype ?? "float64");

/** Ones of a shape. */
export const ones = (shape: Shape, options: CreationOptions = {}): DenseTensor =>
  filled("ones", shape, 1, optionsOf("ones", options).dtype ?? "float64");

/** Zeros with the shape and dtype of another tensor. */
export const zerosLike = (x: TensorType): DenseTensor => filledLike("zerosLike", x, 0);

/** Ones with the shape and dtype of another tensor. */
export const onesLike = (x: TensorType): DenseTensor => filledLike("onesLike", x, 1);

/** One repeated value with the shape and dtype of another tensor. */
export const fullLike = (x: TensorType, value: number): DenseTensor => filledLike("fullLike", x, value);

/**
 * Numbers from `start` (inclusive) to `stop` (exclusive) in steps of `step`; one argument counts from 0.
 */
export function arange(start: number, stop?: number, step = 1, options: CreationOptions = {}): DenseTensor {
  optionsOf("arange", options);
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  for (const [name, value] of Object.entries({ start: from, stop: to, step })) mustBe("arange", name, value, "number");
  if (step === 0) throw new DomainError("arange: step must not be 0");
  const size = Math.max(0, Math.ceil((to - from) / step));
  const dtype = checkDType("arange", options.dtype ?? "float64");
  const data = allocate(dtype, sizeOf(checkShape("arange", [size])));
  for (let i = 0; i < size; i++) data[i] = checkValue("arange", from + i * step, dtype);
  return new DenseTensor(data, [size], dtype);
}

/** `count` evenly spaced numbers from `start` to `stop`, both included. */
export function linspace(start: number, stop: number, count = 50, options: CreationOptions = {}): DenseTensor {
  for (const [name, value] of Object.entries({ start, stop })) mustBe("linspace", name, value, "number");
  const dtype = checkDType("linspace", optionsOf("linspace", options).dtype ?? "float64");
  const data = allocate(dtype, sizeOf(checkShape("linspace", [count])));
  for (let i = 0; i < count; i++) {
    const value = i === count - 1 && i > 0 ? stop : start + (i * (stop - start)) / Math.max(1, count - 1);
    data[i] = checkValue("linspace", value, dtype);
  }
  return new DenseTensor(data, [count], dtype);
}

/** Ones on the k-th diagonal of an [n, m] matrix. */
export function eye(n: number, m: number = n, options: CreationOptions & { readonly k?: number } = {}): DenseTensor {
  return maskMatrix("eye", n, m, options, (row, column, k) => column - row === k);
}

/** Ones on and below the k-th diagonal of an [n, m] matrix: a lower triangular mask. */
export function tri(n: number, m: number = n, options: CreationOptions & { readonly k?: number } = {}): DenseTensor {
  return maskMatrix("tri", n, m, options, (row, column, k) => column - row <= k);
}

function maskMatrix(
  operation: string,
  n: number,
  m: number,
  options: CreationOptions & { readonly k?: number },
  isOne: (row: number, column: number, k: number) => boolean,
): DenseTensor {
  const { k = 0, dtype = "float64" } = optionsOf(operation, options);
  mustBe(operation, "k", k, "number");
  checkDType(operation, dtype);
  const data = allocate(dtype, sizeOf(checkShape(operation, [n, m])));
  for (let row = 0; row < n; row++)
    for (let column = 0; column < m; column++) data[row * m + column] = Number(isOne(row, column, k));
  return new DenseTensor(data, [n, m], dtype);
}
