import { allocate, checkDType, type DType, dtypeOfArray, isFloat, type TypedArray } from "./dtype.ts";
import { DomainError, DTypeError, ShapeError } from "./errors.ts";
import { formatTensor } from "./print.ts";
import { checkShape, formatShape, type Shape, sizeOf } from "./shape.ts";

/** What is known of a tensor before its values: shape, element type, and whether the type yields to others (weak). */
export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly weak: boolean;
}

/** What operations accept: a plain number is weak, it takes the dtype of what it meets. */
export type TensorLike = Tensor | number | boolean;

/** Nested arrays of numbers, as `toArray` returns them. */
export type NestedArray = number | NestedArray[];

/**
 * An immutable array of numbers: shape and dtype are always known, values only where they can be read.
 * Every operation of the op table is also a method (see methods.ts).
 */
export abstract class Tensor implements TensorType {
  abstract readonly shape: Shape;
  abstract readonly dtype: DType;
  abstract readonly weak: boolean;

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /**
   * The values, where they can be read: inside jvp and linearize the primal, inside vmap and trace an error.
   *
   * @param operation named in the error
   */
  abstract concrete(operation: string): DenseTensor;

  /** Whether `concrete` gives values rather than an error. */
  abstract readonly readable: boolean;

  /** A copy of the elements in row-major order, at once. */
  dataSync(): TypedArray {
    return this.concrete("dataSync").buffer.slice();
  }

  /** A copy of the elements in row-major order, once they are computed. */
  async data(): Promise<TypedArray> {
    return this.concrete("data").buffer.slice();
  }

  /** The single element of a tensor of size 1. */
  item(): number {
    const { buffer, shape } = this.concrete("item");
    if (buffer.length === 1) return buffer[0]!;
    throw new ShapeError(
      `item: the tensor must have one element, got ${formatShape(shape)}; use dataSync() or toArray()`,
    );
  }

  /** The elements as nested arrays. */
  toArray(): NestedArray {
    const { buffer, shape } = this.concrete("toArray");
    const build = (axis: number, offset: number, size: number): NestedArray => {
      if (axis === shape.length) return buffer[offset]!;
      const step = size / Math.max(1, shape[axis]!);
      return Array.from({ length: shape[axis]! }, (_, i) => build(axis + 1, offset + i * step, step));
    };
    return build(0, 0, buffer.length);
  }

  toString(): string {
    return `Tensor ${this.dtype}${formatShape(this.shape)}`;
  }

  /** Node's console prints the values. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** A tensor whose values are here, in row-major order. */
export class DenseTensor extends Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly weak: boolean;
  readonly readable = true;
  /** The elements themselves: read only, by convention of this package. */
  readonly buffer: TypedArray;

  constructor(buffer: TypedArray, shape: Shape, dtype: DType, weak = false) {
    super();
    this.buffer = buffer;
    this.shape = shape;
    this.dtype = dtype;
    this.weak = weak;
  }

  override concrete(): DenseTensor {
    return this;
  }

  override toString(): string {
    return formatTensor(this);
  }
}

/** Options of every creation function; the default dtype is float64. */
export interface CreationOptions {
  readonly dtype?: DType;
}

/**
 * Wraps elements without copying them: the caller gives them away.
 *
 * @throws ShapeError if shape and length disagree
 */
export function fromData(data: TypedArray, shape: Shape, dtype: DType = dtypeOfArray(data)): DenseTensor {
  if (data.length !== sizeOf(checkShape("fromData", shape))) {
    throw new ShapeError(`fromData: ${formatShape(shape)} needs ${sizeOf(shape)} elements, got ${data.length}`);
  }
  return new DenseTensor(data, [...shape], dtype);
}

/** A 0-d tensor that takes the dtype of what it meets. */
export const weakScalar = (value: number): DenseTensor => new DenseTensor(Float64Array.of(value), [], "float64", true);

/** Values a tensor can be made of. */
export type TensorValues = number | boolean | TypedArray | Tensor | readonly TensorValues[];

/**
 * A tensor of the given values: nested arrays, a typed array (whose type is kept), or one number.
 *
 * @param options dtype: default float64 for numbers, bool for booleans; shape: for flat values
 * @throws ShapeError for ragged nesting, DomainError for values that int32 or bool cannot hold
 */
export function tensor(values: TensorValues, options: CreationOptions & { readonly shape?: Shape } = {}): DenseTensor {
  if (values instanceof Tensor) values = values.concrete("tensor").buffer as TypedArray;
  const { flat, shape, dtype: own } = flattenValues(values);
  const dtype = checkDType("tensor", options.dtype ?? own);
  const result = allocate(dtype, flat.length);
  for (let i = 0; i < flat.length; i++) result[i] = checkValue(Number(flat[i]), dtype);
  const target = options.shape ?? shape;
  if (sizeOf(checkShape("tensor", target)) !== flat.length) {
    throw new ShapeError(`tensor: ${formatShape(target)} needs ${sizeOf(target)} elements, got ${flat.length}`);
  }
  return new DenseTensor(result, [...target], dtype);
}

function checkValue(value: number, dtype: DType): number {
  if (isFloat(dtype)) return value;
  if (dtype === "bool" ? value === 0 || value === 1 : value === (value | 0)) return value;
  const range = dtype === "bool" ? "0, 1, true or false" : "whole numbers in [−2^31, 2^31)";
  throw new DomainError(`tensor: ${dtype} holds ${range}, got ${value}; use a float dtype`);
}

function flattenValues(values: Exclude<TensorValues, Tensor>): {
  flat: ArrayLike<number | boolean>;
  shape: number[];
  dtype: DType;
} {
  if (ArrayBuffer.isView(values)) return { flat: values, shape: [values.length], dtype: dtypeOfArray(values) };
  const shape: number[] = [];
  for (let node: TensorValues = values; ; node = node[0]!) {
    if (node instanceof Tensor || ArrayBuffer.isView(node)) {
      shape.push(...(node instanceof Tensor ? node.shape : [node.length]));
      break;
    }
    if (!Array.isArray(node)) break;
    shape.push(node.length);
    if (node.length === 0) break;
  }
  const flat: (number | boolean)[] = [];
  const visit = (node: TensorValues, axis: number, path: string): void => {
    const size =
      node instanceof Tensor
        ? node.size
        : Array.isArray(node) || ArrayBuffer.isView(node)
          ? (node as unknown[]).length
          : -1;
    if (node instanceof Tensor) {
      flat.push(...node.dataSync());
    } else if (size < 0) {
      if (typeof node !== "number" && typeof node !== "boolean")
        throw new DTypeError(`tensor: values${path} must be a number, got ${typeof node}`);
      if (axis !== shape.length) throw raggedError(path, shape);
      flat.push(node as number | boolean);
    } else {
      if (size !== shape[axis]) throw raggedError(path, shape);
      for (let i = 0; i < size; i++) visit((node as readonly TensorValues[])[i]!, axis + 1, `${path}[${i}]`);
    }
  };
  visit(values, 0, "");
  return { flat, shape, dtype: flat.length > 0 && flat.every((v) => typeof v === "boolean") ? "bool" : "float64" };
}

const raggedError = (path: string, shape: Shape): ShapeError =>
  new ShapeError(`tensor: rows must have equal lengths, values${path} does not fit ${formatShape(shape)}`);

/** A tensor of one repeated value. */
export function full(shape: Shape, value: number | boolean, options: CreationOptions = {}): DenseTensor {
  const dtype = checkDType("full", options.dtype ?? (typeof value === "boolean" ? "bool" : "float64"));
  const data = allocate(dtype, sizeOf(checkShape("full", shape)));
  return new DenseTensor(data.fill(checkValue(Number(value), dtype)), [...shape], dtype);
}

export const zeros = (shape: Shape, options: CreationOptions = {}): DenseTensor => full(shape, 0, options);
export const ones = (shape: Shape, options: CreationOptions = {}): DenseTensor => full(shape, 1, options);
export const zerosLike = (x: TensorType): DenseTensor => full(x.shape, 0, { dtype: x.dtype });
export const onesLike = (x: TensorType): DenseTensor => full(x.shape, 1, { dtype: x.dtype });
export const fullLike = (x: TensorType, value: number): DenseTensor => full(x.shape, value, { dtype: x.dtype });

/**
 * Numbers from `start` (inclusive) to `stop` (exclusive) in steps of `step`; one argument counts from 0.
 */
export function arange(start: number, stop?: number, step = 1, options: CreationOptions = {}): DenseTensor {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  if (step === 0) throw new DomainError("arange: step must not be 0");
  const size = Math.max(0, Math.ceil((to - from) / step));
  const dtype = checkDType("arange", options.dtype ?? "float64");
  const data = allocate(dtype, sizeOf(checkShape("arange", [size])));
  for (let i = 0; i < size; i++) data[i] = checkValue(from + i * step, dtype);
  return new DenseTensor(data, [size], dtype);
}

/** `count` evenly spaced numbers from `start` to `stop`, both included. */
export function linspace(start: number, stop: number, count = 50, options: CreationOptions = {}): DenseTensor {
  const dtype = checkDType("linspace", options.dtype ?? "float64");
  const data = allocate(dtype, sizeOf(checkShape("linspace", [count])));
  for (let i = 0; i < count; i++)
    data[i] = i === count - 1 && i > 0 ? stop : start + (i * (stop - start)) / Math.max(1, count - 1);
  return new DenseTensor(data, [count], dtype);
}

/** Ones on the k-th diagonal of an [n, m] matrix. */
export function eye(n: number, m: number = n, options: CreationOptions & { readonly k?: number } = {}): DenseTensor {
  return maskMatrix("eye", n, m, options, (row, column) => column - row === (options.k ?? 0));
}

/** Ones on and below the k-th diagonal of an [n, m] matrix: a lower triangular mask. */
export function tri(n: number, m: number = n, options: CreationOptions & { readonly k?: number } = {}): DenseTensor {
  return maskMatrix("tri", n, m, options, (row, column) => column - row <= (options.k ?? 0));
}

function maskMatrix(
  operation: string,
  n: number,
  m: number,
  options: CreationOptions,
  isOne: (row: number, column: number) => boolean,
): DenseTensor {
  const dtype = checkDType(operation, options.dtype ?? "float64");
  const data = allocate(dtype, sizeOf(checkShape(operation, [n, m])));
  for (let row = 0; row < n; row++)
    for (let column = 0; column < m; column++) data[row * m + column] = Number(isOne(row, column));
  return new DenseTensor(data, [n, m], dtype);
}
