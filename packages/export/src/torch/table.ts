import { DomainError, type DType, isFloat, type Shape } from "@pushforward/tensor";
import { callOf, infix, powerOf, prefix, subject, tupleOf } from "../python/expression.ts";
import { insertedAxes, sliceText } from "../python/indexing.ts";
import type { Operand, PrimitiveTable } from "../target.ts";

type Writer = (operands: readonly Operand[]) => string;

/** A function of all operands. */
const named =
  (f: string): Writer =>
  (operands) =>
    callOf(f, ...operands.map(({ text }) => text));

/** An operator between two operands. */
const between =
  (op: string): Writer =>
  ([x, y]) =>
    infix(x.text, op, y.text);

/** An array of one number, of shape, dtype and device of another value. */
export const torchFullLike = (like: string, number: string): string =>
  number === "0"
    ? `torch.zeros_like(${like})`
    : number === "1"
      ? `torch.ones_like(${like})`
      : `torch.full_like(${like}, ${number})`;

/** A function of two arrays; a number becomes an array like the other operand. */
const ofArrays =
  (f: string): Writer =>
  ([x, y]) =>
    callOf(f, x.isNumber ? torchFullLike(y.text, x.text) : x.text, y.isNumber ? torchFullLike(x.text, y.text) : y.text);

/** dtypes of PyTorch. */
export const torchDType: Readonly<Record<DType, string>> = {
  float64: "torch.float64",
  float32: "torch.float32",
  int32: "torch.int32",
  bool: "torch.bool",
};

/** `dim=` of a reduction; undefined over all axes. */
const axisArgument = (axes: readonly number[], { shape }: Operand): string | undefined =>
  axes.length === shape.length ? undefined : `dim=${axes.length === 1 ? axes[0] : tupleOf(axes)}`;

/** PyTorch adds int32 in 64 bits unless it is told not to. */
const sumType = ({ dtype }: Operand): string | undefined => (dtype === "int32" ? "dtype=torch.int32" : undefined);

/** A reduction; over no axes it is its operand. */
const reduction =
  (f: string, options: (x: Operand) => string | undefined = () => undefined) =>
  ([x]: readonly Operand[], { axes }: { readonly axes: readonly number[] }): string =>
    axes.length === 0 ? x.text : callOf(f, x.text, axisArgument(axes, x), options(x));

/** A function of a row of each operand, mapped over the leading axes that the operands share. */
const mapped = (
  batchAxes: number,
  operands: readonly Operand[],
  body: (x: string, indices: string) => string,
): string =>
  batchAxes === 0
    ? body(operands[0].text, operands[1].text)
    : `${"torch.func.vmap(".repeat(batchAxes)}lambda x, i: ${body("x", "i")}${")".repeat(batchAxes)}(${operands.map(({ text }) => text).join(", ")})`;

/** @throws DomainError: no other framework cuts one mode of differentiation alone */
const probe = (name: string) => (): never => {
  throw new DomainError(
    `export: ${name} is a probe of one mode of differentiation, which other frameworks do not have; leave it out, or use stopGradient`,
  );
};

/** Indices as the reference backend reads them: an index out of range is the nearest in range. */
const nearest = (indices: string, size: number): string => `torch.clamp(${indices}, 0, ${size - 1})`;

const reshaped = (x: Operand, shape: Shape): string => {
  const inserted = insertedAxes(x.shape, shape);
  if (inserted !== undefined) return `${subject(x.text)}[${inserted}]`;
  return `${subject(x.text)}.reshape(${shape.length === 0 ? "()" : shape.join(", ")})`;
};

/** The expression of `pad`: PyTorch counts widths from the last axis. */
function padded(x: string, low: readonly number[], high: readonly number[], interior: readonly number[]): string {
  const wide = interior.reduce((text, count, axis) => (count === 0 ? text : `dilate(${text}, ${axis}, ${count})`), x);
  const widths = low.map((n, axis) => [n, high[axis]]).reverse();
  return widths.flat().every((n) => n === 0) ? wide : `torch.nn.functional.pad(${wide}, ${tupleOf(widths.flat())})`;
}

/** Every primitive as an expression of PyTorch. */
export const torchTable: PrimitiveTable = {
  add: between("+"),
  sub: between("-"),
  mul: between("*"),
  div: between("/"),
  neg: ([x]) => prefix("-", x.text),
  pow: named("torch.pow"),
  integerPow: ([x], { n }) => powerOf(x.text, n),
  abs: named("torch.abs"),
  // torch.sign is 0 at NaN.
  sign: ([x]) => callOf(x.dtype === "int32" ? "torch.sign" : "sign", x.text),
  floor: named("torch.floor"),
  ceil: named("torch.ceil"),
  round: named("torch.round"),
  // torch.clamp gives the whole derivative to one of two equal operands.
  maximum: ofArrays("torch.maximum"),
  minimum: ofArrays("torch.minimum"),
  // A whole number mod 0 is an error in PyTorch.
  remainder: (operands, _, { dtype }) => ofArrays(dtype === "int32" ? "whole_remainder" : "torch.remainder")(operands),

  exp: named("torch.exp"),
  expm1: named("torch.expm1"),
  log: named("torch.log"),
  log1p: named("torch.log1p"),
  sqrt: named("torch.sqrt"),
  rsqrt: named("torch.rsqrt"),
  sin: named("torch.sin"),
  cos: named("torch.cos"),
  atan: named("torch.atan"),
  tanh: named("torch.tanh"),
  sigmoid: named("torch.sigmoid"),
  erf: named("torch.erf"),
  // torch.special.ndtr is (1 + erf)/2, which cancels for negative x.
  normalCdf: ([x]) => infix(`torch.erfc(${infix(prefix("-", x.text), "/", "2**0.5")})`, "/", "2"),
  erfInv: named("torch.erfinv"),

  equal: between("=="),
  less: between("<"),
  lessEqual: between("<="),
  and: between("&"),
  or: between("|"),
  not: ([x]) => prefix("~", x.text),
  isFinite: named("torch.isfinite"),
  where: ([condition, x, y]) =>
    callOf("torch.where", condition.isNumber ? `torch.tensor(${condition.text})` : condition.text, x.text, y.text),

  bitXor: between("^"),
  bitAnd: between("&"),
  shiftLeft: named("shift_left"),
  shiftRight: named("shift_right"),
  threefry: (operands, { word }) => `${named("threefry")(operands)}[${word}]`,

  iota(_, { shape, axis, dtype }) {
    const range = `torch.arange(${shape[axis]}, dtype=${torchDType[dtype]})`;
    if (shape.length === 1) return range;
    const column = [shape[axis], ...shape.slice(axis + 1).map(() => 1)];
    return `torch.broadcast_to(${column.length === 1 ? range : `${range}.reshape(${column.join(", ")})`}, ${tupleOf(shape)})`;
  },
  broadcastTo: ([x], { shape }) => `torch.broadcast_to(${x.text}, ${tupleOf(shape)})`,
  reshape: ([x], { shape }) => reshaped(x, shape),
  transpose: ([x], { permutation }) =>
    permutation.every((axis, i) => axis === i)
      ? x.text
      : permutation.length === 2
        ? `${subject(x.text)}.T`
        : `${subject(x.text)}.permute(${permutation.join(", ")})`,
  slice: ([x], params) => {
    const index = sliceText(x.shape, params);
    return index === "" ? x.text : `${subject(x.text)}[${index}]`;
  },
  pad: ([x], { low, high, interior }) => padded(x.text, low, high, interior),
  concat: (operands, { axis }) => `torch.cat([${operands.map(({ text }) => text).join(", ")}], dim=${axis})`,
  flip: ([x], { axes }) => (axes.length === 0 ? x.text : `torch.flip(${x.text}, ${tupleOf(axes)})`),

  gather: (operands, { batchAxes }) =>
    mapped(batchAxes, operands, (x, i) => `${subject(x)}[${nearest(i, operands[0].shape[batchAxes])}]`),
  scatterAdd: (operands, { batchAxes, size }, { shape }) => {
    const row = shape.slice(batchAxes + 1);
    return mapped(
      batchAxes,
      operands,
      (x, i) =>
        `${subject(x)}.new_zeros(${tupleOf([size, ...row])}).index_add(0, ${nearest(i, size)}.reshape(-1), ${subject(x)}.reshape(${["-1", ...row].join(", ")}))`,
    );
  },
  argsort: ([x], { axis }) => `torch.argsort(${x.text}, dim=${axis}, stable=True).to(torch.int32)`,

  sum: reduction("torch.sum", sumType),
  // torch.max over one axis gives the whole derivative to one of the largest; torch.amax shares it.
  max: reduction("torch.amax"),
  min: reduction("torch.amin"),
  argmax: ([x], { axis }) => `torch.argmax(${x.text}, dim=${axis}).to(torch.int32)`,
  cumsum([x], { axis, reverse }) {
    const flipped = (text: string): string => (reverse ? `torch.flip(${text}, (${axis},))` : text);
    return flipped(callOf("torch.cumsum", flipped(x.text), `dim=${axis}`, sumType(x)));
  },

  matmul: between("@"),

  // By way of int64 numbers beyond int32 wrap, and NaN is 0.
  cast: ([x], { dtype }) =>
    `${subject(x.text)}${dtype === "int32" && isFloat(x.dtype) ? ".to(torch.int64)" : ""}.to(${torchDType[dtype]})`,
  unitFromBits: (operands, { dtype }) =>
    callOf(dtype === "float32" ? "unit32" : "unit64", ...operands.map(({ text }) => text)),

  // torch.no_grad would not stop tangents.
  stopGradient: ([x]) => `${subject(x.text)}.detach()`,
  stopTangent: probe("stopTangent"),
  stopCotangent: probe("stopCotangent"),
  barrier: ([x]) => x.text,
};
