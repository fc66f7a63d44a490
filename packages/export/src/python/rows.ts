import { DomainError, type PrimitiveName, type Shape } from "@pushforward/tensor";
import type { Operand, PrimitiveTable } from "../target.ts";
import { callOf, infix, powerOf, prefix, subject, tupleOf } from "./expression.ts";
import { insertedAxes, sliceText } from "./indexing.ts";

/** The expression of a primitive without parameters. */
export type Writer = (operands: readonly Operand[]) => string;

/** Primitives that take numbers of Python beside arrays, in every framework: operators, and elementwise functions. */
export const takesNumbers: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>([
  ...(["add", "sub", "mul", "div", "pow", "maximum", "minimum", "remainder"] as const),
  ...(["equal", "less", "lessEqual", "where", "bitXor", "bitAnd"] as const),
]);

/** An array of one number, of shape and dtype (and on the device) of another value, by a module with the names of NumPy. */
export const fullLike =
  (module: string) =>
  (like: string, number: string): string =>
    number === "0"
      ? `${module}.zeros_like(${like})`
      : number === "1"
        ? `${module}.ones_like(${like})`
        : `${module}.full_like(${like}, ${number})`;

/** A function of all operands. */
export const named =
  (f: string): Writer =>
  (operands) =>
    callOf(f, ...operands.map(({ text }) => text));

/** An operator between two operands. */
export const between =
  (op: string): Writer =>
  ([x, y]) =>
    infix(x.text, op, y.text);

/**
 * A reduction over axes, which the framework calls `keyword`; over no axes it is its operand.
 *
 * @param options more arguments for an operand
 */
export const reduction =
  (f: string, keyword: "axis" | "dim", options: (x: Operand) => string | undefined = () => undefined) =>
  ([x]: readonly Operand[], { axes }: { readonly axes: readonly number[] }): string => {
    const some = axes.length === 1 ? axes[0] : tupleOf(axes);
    const chosen = axes.length === x.shape.length ? undefined : `${keyword}=${some}`;
    return axes.length === 0 ? x.text : callOf(f, x.text, chosen, options(x));
  };

/** A function of rows of an array and of indices, mapped over the leading axes that the operands share by `vmap` of a framework. */
export const mapped = (
  vmap: string,
  batchAxes: number,
  operands: readonly Operand[],
  body: (x: string, indices: string) => string,
): string =>
  batchAxes === 0
    ? body(operands[0].text, operands[1].text)
    : `${`${vmap}(`.repeat(batchAxes)}lambda x, i: ${body("x", "i")}${")".repeat(batchAxes)}(${operands.map(({ text }) => text).join(", ")})`;

/** @throws DomainError: no other framework cuts one mode of differentiation alone */
const probe = (name: string) => (): never => {
  throw new DomainError(
    `export: ${name} is a probe of one mode of differentiation, which other frameworks do not have; leave it out, or use stopGradient`,
  );
};

const reshaped = (x: Operand, shape: Shape): string => {
  const inserted = insertedAxes(x.shape, shape);
  if (inserted !== undefined) return `${subject(x.text)}[${inserted}]`;
  return `${subject(x.text)}.reshape(${shape.length === 0 ? "()" : shape.join(", ")})`;
};

/** Primitives whose expression is the same in every framework: an operator of Python, or a call of a helper that every target has. */
export const pythonRows = {
  add: between("+"),
  sub: between("-"),
  mul: between("*"),
  div: between("/"),
  neg: ([x]) => prefix("-", x.text),
  integerPow: ([x], { n }) => powerOf(x.text, n),

  equal: between("=="),
  less: between("<"),
  lessEqual: between("<="),
  and: between("&"),
  or: between("|"),
  not: ([x]) => prefix("~", x.text),
  bitXor: between("^"),
  bitAnd: between("&"),

  reshape: ([x], { shape }) => reshaped(x, shape),
  slice: ([x], params) => {
    const index = sliceText(x.shape, params);
    return index === "" ? x.text : `${subject(x.text)}[${index}]`;
  },

  threefry: (operands, { word }) => `${named("threefry")(operands)}[${word}]`,
  unitFromBits: (operands, { dtype }) => named(dtype === "float32" ? "unit32" : "unit64")(operands),

  stopTangent: probe("stopTangent"),
  stopCotangent: probe("stopCotangent"),
} as const satisfies Partial<PrimitiveTable>;
