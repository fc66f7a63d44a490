import {
  broadcastShapes,
  DomainError,
  type DType,
  type Equation,
  knownName,
  type PrimitiveName,
  type PrimitiveParams,
  type Shape,
  sameShape,
  sizeOf,
  type Tensor,
} from "@pushforward/tensor";
import { normPrimitive } from "./normPattern.ts";
import type { Operand, Row, Target } from "./target.ts";
import type { FunctionWriter } from "./writeFunction.ts";

/** An expression with the shape of its value. */
type Expression = Pick<Operand, "text" | "shape"> & Partial<Pick<Operand, "isNumber">>;

/**
 * The expression of an equation and the shape of its value.
 *
 * @throws DomainError about a primitive that is none of tensor's
 */
export function equationText(writer: FunctionWriter, { primitive, operands, params, output }: Equation): Expression {
  const { target } = writer;
  const name = knownName(primitive);
  if (name === undefined) {
    if (primitive === normPrimitive) return { text: `norm(${writer.exact(operands[0]).text})`, shape: output.shape };
    throw new DomainError(
      `export: a primitive must be one of tensor's primitives, got a primitive "${primitive.name}" of your own; compose the function of operations of tensor`,
    );
  }
  if (name === "broadcastTo") return writer.read(operands[0]);
  if (name === "reshape") {
    const x = writer.read(operands[0]);
    if (!x.isNumber && (sameShape(x.shape, output.shape) || addsLeadingAxes(x.shape, output.shape))) return x;
    if (!x.isNumber && sizeOf(x.shape) === sizeOf(output.shape)) return rowText(target, name, [x], params, output);
  }
  if (name === "matmul") {
    const [x, y] = [writer.read(operands[0]), writer.exact(operands[1])];
    // A row [1, k] whose axis of size 1 was never written: a vector times a matrix.
    if (!x.isNumber && x.shape.length === 1 && operands[0].rank === 2)
      return rowText(target, name, [x, y], params, { shape: output.shape.slice(1), dtype: output.dtype });
  }
  const { role } = primitive;
  if (role !== "map" && role !== "marker") {
    const exact = operands.map((x) => writer.exact(x));
    return rowText(target, name, exact, params, output);
  }
  const written = numbered(writer, name, operands);
  const shape = broadcastShapes("export", ...written.map((x) => x.shape));
  return rowText(target, name, written, params, { shape, dtype: output.dtype });
}

/** Operands of an operation that broadcasts: numbers stay numbers where the expression takes them and an array is among the operands. */
function numbered(writer: FunctionWriter, name: PrimitiveName, operands: readonly Tensor[]): Operand[] {
  const written = operands.map((x) => writer.read(x));
  const { target } = writer;
  const decisive = name === "where" ? written.slice(1) : written;
  const isTyped = decisive.some((x) => !x.isNumber);
  if (target.takesNumbers.has(name) && isTyped) return written;
  return written.map((x, i) => (x.isNumber ? arrayOf(target, x, operands[i].dtype) : x));
}

const arrayOf = (target: Target, x: Operand, dtype: DType): Operand => ({
  ...x,
  text: target.full([], x.text, dtype),
  isNumber: false,
});

function rowText(
  target: Target,
  name: PrimitiveName,
  operands: readonly Operand[],
  params: object,
  type: Pick<Operand, "shape" | "dtype">,
): Expression {
  const write = target.rows[name] as Row<PrimitiveName>;
  return { text: write(operands, params as PrimitiveParams[PrimitiveName], type), shape: type.shape };
}

/** Whether a shape is another one after axes of size 1, which broadcasting adds where they are needed. */
export const addsLeadingAxes = (from: Shape, to: Shape): boolean =>
  to.length > from.length &&
  to.slice(0, to.length - from.length).every((n) => n === 1) &&
  sameShape(from, to.slice(to.length - from.length));
