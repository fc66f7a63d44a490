import { allocate } from "../array/dtype.ts";
import { ShapeError } from "../array/errors.ts";
import { formatShape, sameShape } from "../array/shape.ts";
import { checkDomain, checkSameType, elementwise } from "./elementwise.ts";
import { allWeak, type NoParams, type Primitive } from "./primitive.ts";

/** x = y; NaN equals nothing. */
export const equal = elementwise("equal", {
  arity: 2,
  domain: "any",
  result: "bool",
  eval: (x, y) => x === y,
  expression: "x == y",
});

/** x < y. */
export const less = elementwise("less", {
  arity: 2,
  domain: "number",
  result: "bool",
  eval: (x, y) => x < y,
  expression: "x < y",
});

/** x ≤ y. */
export const lessEqual = elementwise("lessEqual", {
  arity: 2,
  domain: "number",
  result: "bool",
  eval: (x, y) => x <= y,
  expression: "x <= y",
});

/** Logical and. */
export const and = elementwise("and", { arity: 2, domain: "bool", eval: (x, y) => x & y, expression: "x & y" });

/** Logical or. */
export const or = elementwise("or", { arity: 2, domain: "bool", eval: (x, y) => x | y, expression: "x | y" });

/** Logical not. */
export const not = elementwise("not", { arity: 1, domain: "bool", eval: (x) => 1 - x, expression: "!x" });

/** Neither NaN nor infinite. */
export const isFinite = elementwise("isFinite", {
  arity: 1,
  result: "bool",
  eval: Number.isFinite,
  expression: "isFinite(x)",
});

/** `condition ? x : y` element by element; the value of the other branch has no effect. */
export const where: Primitive<NoParams, 3, "map"> = {
  name: "where",
  arity: 3,
  role: "map",
  expression: () => "select(x, y, z)",
  type(operands) {
    const [condition, ...branches] = operands;
    checkDomain("where", "bool", condition!.dtype);
    checkSameType("where", branches);
    const { shape, dtype } = branches[0]!;
    if (!sameShape(condition!.shape, shape)) {
      throw new ShapeError(
        `where: operands must have one shape, got ${formatShape(condition!.shape)} and ${formatShape(shape)}`,
      );
    }
    return { shape, dtype, weak: allWeak(branches) };
  },
  eval([condition, x, y], _, type) {
    const out = allocate(type.dtype, x!.buffer.length);
    const [c, a, b] = [condition!.buffer, x!.buffer, y!.buffer];
    for (let i = 0; i < out.length; i++) out[i] = c[i] ? a[i]! : b[i]!;
    return out;
  },
};
