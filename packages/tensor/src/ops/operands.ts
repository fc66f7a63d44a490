import { allocate, type DType } from "../array/dtype.ts";
import { DTypeError } from "../array/errors.ts";
import { inWords } from "../array/mustBe.ts";
import { broadcastShapes, type Shape, sameShape } from "../array/shape.ts";
import { DenseTensor, Tensor, type TensorLike, weakScalar } from "../array/tensor.ts";
import { bind } from "../interpret/interpreter.ts";
import { dtypeMismatch } from "../primitives/elementwise.ts";
import { primitives } from "../primitives/index.ts";
import { type NoParams, noParams, type Primitive } from "../primitives/primitive.ts";

/** A number or boolean as a tensor: numbers are weak, booleans are bool. */
export function asTensor(x: TensorLike, operation = "asTensor"): Tensor {
  if (x instanceof Tensor) return x;
  if (typeof x === "number") return weakScalar(x);
  if (typeof x === "boolean") return new DenseTensor(Uint8Array.of(Number(x)), [], "bool");
  const isValues = Array.isArray(x) || ArrayBuffer.isView(x);
  const isKnown = isValues || (x as unknown) instanceof Promise;
  const what = x === null ? "null" : isKnown ? inWords(x) : typeof x;
  throw new DTypeError(`${operation}: expected a tensor or a number, got ${what}`);
}

/**
 * Brings operands to one dtype: weak ones follow the others, which must agree.
 *
 * @throws DTypeError that names the cast
 */
export function promote(operation: string, operands: readonly TensorLike[]): Tensor[] {
  const tensors = operands.map((x) => asTensor(x, operation));
  const strong = tensors.find((x) => !x.weak);
  if (!strong) return tensors;
  return tensors.map((x) => {
    if (x.dtype === strong.dtype) return x;
    if (!x.weak) throw dtypeMismatch(operation, strong.dtype, x.dtype);
    return follow(operation, x, strong.dtype);
  });
}

/** A weak value in the dtype of the other operands. */
function follow(operation: string, x: Tensor, dtype: DType): Tensor {
  const isExact = x.readable && x.size > 0 && x.concrete(operation).buffer.every((value) => value === (value | 0));
  if (dtype === "bool" || (dtype === "int32" && !isExact)) {
    const what =
      x.readable && x.size === 1 ? String(x.concrete(operation).buffer[0]) : "a number that may be fractional";
    throw new DTypeError(
      `${operation}: ${what} does not fit ${dtype}; cast the tensor with cast(x, "float64"), or pass a tensor of dtype ${dtype}`,
    );
  }
  if (!(x instanceof DenseTensor)) return bind(primitives.cast, [x], { dtype });
  const buffer = allocate(dtype, x.buffer.length);
  buffer.set(x.buffer);
  return new DenseTensor(buffer, x.shape, dtype);
}

/** Repeats to a shape, unless it is there already. */
export const broadcast = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : bind(primitives.broadcastTo, [x], { shape });

/** Brings operands to one dtype and one shape, as elementwise primitives need them. */
export function broadcastAll(operation: string, operands: readonly TensorLike[]): Tensor[] {
  const tensors = promote(operation, operands);
  const [first] = tensors;
  if (tensors.every((x) => sameShape(x.shape, first.shape))) return tensors;
  const shape = broadcastShapes(operation, ...tensors.map((x) => x.shape));
  return tensors.map((x) => broadcast(x, shape));
}

/** The public function of an elementwise primitive of one operand. */
export const unary =
  (primitive: Primitive<NoParams, 1>) =>
  (x: TensorLike): Tensor =>
    bind(primitive, [asTensor(x, primitive.name)], noParams);

/**
 * The public function of an elementwise primitive of two operands.
 *
 * @param ofBools the same for bools (false < true), where the primitive takes numbers only
 */
export const binary =
  (primitive: Primitive<NoParams, 2>, ofBools?: (x: Tensor, y: Tensor) => Tensor) =>
  (x: TensorLike, y: TensorLike): Tensor => {
    const [a, b] = broadcastAll(primitive.name, [x, y]);
    return ofBools && a.dtype === "bool" ? ofBools(a, b) : bind(primitive, [a, b], noParams);
  };
