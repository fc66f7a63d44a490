import { type DType, dtypeOfArray, type TypedArray } from "./dtype.ts";
import { DTypeError, ShapeError } from "./errors.ts";
import { PendingTensor } from "./pending.ts";
import { formatShape } from "./shape.ts";
import { DenseTensor, Tensor } from "./tensor.ts";

/** Values a tensor can be made of. */
export type TensorValues = number | boolean | TypedArray | Tensor | readonly TensorValues[];

/** Nested values in row-major order, with the shape of the nesting and the dtype of the values, where they have one. */
export interface FlatValues {
  readonly flat: ArrayLike<number | boolean>;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/**
 * Flattens nested values.
 *
 * @throws ShapeError for rows of unequal lengths, DTypeError for values that are not numbers and for two dtypes in one nesting
 */
export function flattenValues(values: TensorValues): FlatValues {
  const whole = block(values, "");
  if (whole) return whole;
  const flat: (number | boolean)[] = [];
  const shape = shapeOf(values);
  const dtypes = new Set<DType>();
  const visit = (node: TensorValues, axis: number, path: string): void => {
    const part = Array.isArray(node) ? undefined : block(node, path);
    if (part) {
      if (part.shape.join() !== shape.slice(axis).join()) throw raggedError(path, shape);
      for (let i = 0; i < part.flat.length; i++) flat.push(part.flat[i]);
      dtypes.add(part.dtype);
    } else if (Array.isArray(node)) {
      if (node.length !== shape[axis]) throw raggedError(path, shape);
      node.forEach((child: TensorValues, i) => {
        visit(child, axis + 1, `${path}[${i}]`);
      });
    } else {
      if (axis !== shape.length) throw raggedError(path, shape);
      flat.push(checkNumber(node, path));
    }
  };
  visit(values, 0, "");
  return { flat, shape, dtype: dtypeOfParts(flat, dtypes) };
}

/** A tensor or typed array as it is; undefined for anything else. */
function block(values: TensorValues, path: string): FlatValues | undefined {
  if (values instanceof PendingTensor) return block(values.concrete("tensor"), path);
  if (values instanceof DenseTensor) return { flat: values.buffer, shape: values.shape, dtype: values.dtype };
  if (values instanceof Tensor) {
    throw new DTypeError(
      `tensor: values${path} is being transformed and would become a constant; join such values with stack([…]), or use it as it is`,
    );
  }
  return ArrayBuffer.isView(values) ? { flat: values, shape: [values.length], dtype: dtypeOfArray(values) } : undefined;
}

/** Sizes along the first elements of a nesting. */
function shapeOf(values: TensorValues): number[] {
  const shape: number[] = [];
  for (let node = values; ; node = node[0]) {
    if (!Array.isArray(node)) return [...shape, ...(block(node, "[0]".repeat(shape.length))?.shape ?? [])];
    shape.push(node.length);
    if (node.length === 0) return shape;
  }
}

function checkNumber(value: unknown, path: string): number | boolean {
  if (typeof value === "number" || typeof value === "boolean") return value;
  throw new DTypeError(`tensor: values${path} must be a number, got ${value === null ? "null" : typeof value}`);
}

/** Tensors and typed arrays bring their dtype; plain numbers follow it. */
function dtypeOfParts(flat: readonly (number | boolean)[], dtypes: ReadonlySet<DType>): DType {
  const [own, other] = dtypes;
  if (other)
    throw new DTypeError(
      `tensor: values must have one dtype, got ${own} and ${other}; cast one with cast(x, "${own}")`,
    );
  return own ?? (flat.length > 0 && flat.every((value) => typeof value === "boolean") ? "bool" : "float64");
}

const raggedError = (path: string, shape: readonly number[]): ShapeError =>
  new ShapeError(`tensor: rows must have equal lengths, values${path} does not fit ${formatShape(shape)}`);
