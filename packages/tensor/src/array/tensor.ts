import { type DType, dtypeOfArray, type TypedArray } from "./dtype.ts";
import { DTypeError, ShapeError } from "./errors.ts";
import { formatTensor } from "./formatTensor.ts";
import { checkShape, formatShape, type Shape, sizeOf } from "./shape.ts";
import type { TensorType } from "./tensorType.ts";

/** An operand: a plain number is weak, it takes the dtype of the other operands. */
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
   * The values for a check by the framework, where they can be read: inside jvp and linearize the primal, inside vmap and trace
   * an error. A caller that computes with the values uses `read`.
   *
   * @param operation named in the error
   */
  abstract concrete(operation: string): DenseTensor;

  /**
   * The values as plain numbers for code outside the framework: no derivative follows them, so transforms take note of it.
   *
   * @param operation named in the error
   */
  read(operation: string): DenseTensor {
    return this.concrete(operation);
  }

  /** Whether `concrete` gives values rather than an error. */
  abstract readonly readable: boolean;

  /** A copy of the elements in row-major order, at once. */
  dataSync(): TypedArray {
    return this.read("dataSync").buffer.slice();
  }

  /** A copy of the elements in row-major order, once they are computed. */
  async data(): Promise<TypedArray> {
    return this.read("data").buffer.slice();
  }

  /** The single element of a tensor of size 1. */
  item(): number {
    const { buffer, shape } = this.read("item");
    if (buffer.length === 1) return buffer[0]!;
    throw new ShapeError(
      `item: the tensor must have one element, got ${formatShape(shape)}; use dataSync() or toArray()`,
    );
  }

  /** The elements as nested arrays. */
  toArray(): NestedArray {
    return nestedArrays(this.read("toArray"));
  }

  /** The elements as nested arrays, for JSON.stringify, which writes NaN and infinities as null. */
  toJSON(): NestedArray {
    return nestedArrays(this.read("toJSON"));
  }

  toString(): string {
    return `Tensor ${this.dtype}${formatShape(this.shape)}`;
  }

  /**
   * The text in a template literal or String(x); the operators of JavaScript on numbers are an error.
   *
   * @throws DTypeError for +, *, <, == and all other operators
   */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new DTypeError(operatorMessage(this));
  }

  /** Node's console prints the values. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function nestedArrays({ buffer, shape }: DenseTensor): NestedArray {
  const build = (axis: number, offset: number, size: number): NestedArray => {
    if (axis === shape.length) return buffer[offset]!;
    const step = size / Math.max(1, shape[axis]!);
    return Array.from({ length: shape[axis]! }, (_, i) => build(axis + 1, offset + i * step, step));
  };
  return build(0, 0, buffer.length);
}

const operatorMessage = ({ dtype, shape }: TensorType): string =>
  `operator: JavaScript's operators do not work on tensors, got ${dtype}${formatShape(shape)}; write x.add(y), x.sub(y), x.mul(y), ` +
  "x.div(y), x.pow(y), x.neg() for + - * / ** -x, x.greater(y), x.less(y), x.equal(y) for > < ==, where(condition, a, b) for a " +
  "choice, and String(x) or a template literal for text";

/** A tensor with its values in memory, in row-major order. */
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

/**
 * Wraps elements without copying them: the caller must not change them afterwards.
 *
 * @throws ShapeError if shape and length disagree
 */
export function fromData(data: TypedArray, shape: Shape, dtype?: DType): DenseTensor {
  if (!ArrayBuffer.isView(data)) throw new DTypeError(`fromData: data must be a typed array, got ${typeof data}`);
  if (data.length !== sizeOf(checkShape("fromData", shape))) {
    throw new ShapeError(`fromData: ${formatShape(shape)} needs ${sizeOf(shape)} elements, got ${data.length}`);
  }
  return new DenseTensor(data, [...shape], dtype ?? dtypeOfArray(data));
}

/** A 0-d tensor that takes the dtype of the other operands. */
export const weakScalar = (value: number): DenseTensor => new DenseTensor(Float64Array.of(value), [], "float64", true);
