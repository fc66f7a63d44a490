import { type DType, isFloat, type Shape, sizeOf } from "@pushforward/tensor";
import { convHigh, hasNoTerms } from "../python/convolution.ts";
import { callOf, infix, prefix, subject, tupleOf } from "../python/expression.ts";
import { between, fullLike, mapped, named, pythonRows, reduction, type Writer } from "../python/rows.ts";
import type { Operand, PrimitiveTable } from "../target.ts";

/** An array of one number, of shape, dtype and device of another value. */
export const torchFullLike = fullLike("torch");

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

/** PyTorch adds int32 in 64 bits unless it is told not to. */
const sumType = ({ dtype }: Operand): string | undefined => (dtype === "int32" ? "dtype=torch.int32" : undefined);

/** Indices as the reference backend reads them: an index out of range is the nearest in range. */
const nearest = (indices: string, size: number): string => `torch.clamp(${indices}, 0, ${size - 1})`;

/** The expression of `pad`: PyTorch counts widths from the last axis. */
function padded(x: string, low: readonly number[], high: readonly number[], interior: readonly number[]): string {
  const wide = interior.reduce((text, count, axis) => (count === 0 ? text : `dilate(${text}, ${axis}, ${count})`), x);
  const widths = low.map((n, axis) => [n, high[axis]]).reverse();
  return widths.flat().every((n) => n === 0) ? wide : `torch.nn.functional.pad(${wide}, ${tupleOf(widths.flat())})`;
}

/** Every primitive as an expression of PyTorch. */
export const torchTable: PrimitiveTable = {
  ...pythonRows,
  pow: named("torch.pow"),
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

  isFinite: named("torch.isfinite"),
  where: ([condition, x, y]) =>
    callOf("torch.where", condition.isNumber ? `torch.tensor(${condition.text})` : condition.text, x.text, y.text),

  shiftLeft: named("shift_left"),
  shiftRight: named("shift_right"),

  iota(_, { shape, axis, dtype }) {
    const range = `torch.arange(${shape[axis]}, dtype=${torchDType[dtype]})`;
    if (shape.length === 1) return range;
    const column = [shape[axis], ...shape.slice(axis + 1).map(() => 1)];
    return `torch.broadcast_to(${column.length === 1 ? range : `${range}.reshape(${column.join(", ")})`}, ${tupleOf(shape)})`;
  },
  broadcastTo: ([x], { shape }) => `torch.broadcast_to(${x.text}, ${tupleOf(shape)})`,
  transpose: ([x], { permutation }) =>
    permutation.every((axis, i) => axis === i)
      ? x.text
      : permutation.length === 2
        ? `${subject(x.text)}.T`
        : `${subject(x.text)}.permute(${permutation.join(", ")})`,
  pad: ([x], { low, high, interior }) => padded(x.text, low, high, interior),
  concat: (operands, { axis }) => `torch.cat([${operands.map(({ text }) => text).join(", ")}], dim=${axis})`,
  flip: ([x], { axes }) => (axes.length === 0 ? x.text : `torch.flip(${x.text}, ${tupleOf(axes)})`),

  gather: (operands, { batchAxes }) =>
    mapped(
      "torch.func.vmap",
      batchAxes,
      operands,
      (x, i) => `${subject(x)}[${nearest(i, operands[0].shape[batchAxes])}]`,
    ),
  scatterAdd: (operands, { batchAxes, size }, { shape }) => {
    const row = shape.slice(batchAxes + 1);
    const picks = operands[1].shape.slice(batchAxes);
    // index_add takes one axis of indices.
    const flat = (text: string, rest: Shape): string =>
      picks.length === 1 ? text : `${subject(text)}.reshape(${[sizeOf(picks), ...rest].join(", ")})`;
    return mapped("torch.func.vmap", batchAxes, operands, (x, i) => {
      const target = `${subject(x)}.new_zeros(${tupleOf([size, ...row])})`;
      return `${target}.index_add(0, ${flat(nearest(i, size), [])}, ${flat(x, row)})`;
    });
  },
  argsort: ([x], { axis }) => `torch.argsort(${x.text}, dim=${axis}, stable=True).to(torch.int32)`,

  sum: reduction("torch.sum", "dim", sumType),
  // torch.max over one axis gives the whole derivative to one of the largest; torch.amax shares it.
  max: reduction("torch.amax", "dim"),
  min: reduction("torch.amin", "dim"),
  argmax: ([x], { axis }) => `torch.argmax(${x.text}, dim=${axis}).to(torch.int32)`,
  cumsum([x], { axis, reverse }) {
    const flipped = (text: string): string => (reverse ? `torch.flip(${text}, (${axis},))` : text);
    return flipped(callOf("torch.cumsum", flipped(x.text), `dim=${axis}`, sumType(x)));
  },

  matmul: between("@"),
  conv(operands, params, { shape, dtype }) {
    if (hasNoTerms(operands, shape)) return `torch.zeros(${tupleOf(shape)}, dtype=${torchDType[dtype]})`;
    const { stride, dilation, inputDilation, low } = params;
    const around = (pair: readonly number[]): number[] => [0, ...pair, 0];
    const zeros = inputDilation.map((n) => n - 1);
    return mapped("torch.func.vmap", shape.length - 4, operands, (x, kernel) =>
      callOf(
        "conv",
        padded(x, around(low), around(convHigh(operands, params)), around(zeros)),
        kernel,
        tupleOf(stride),
        tupleOf(dilation),
      ),
    );
  },

  // By way of int64 numbers beyond int32 wrap, and NaN is 0.
  cast: ([x], { dtype }) =>
    `${subject(x.text)}${dtype === "int32" && isFloat(x.dtype) ? ".to(torch.int64)" : ""}.to(${torchDType[dtype]})`,

  // torch.no_grad would not stop tangents.
  stopGradient: ([x]) => `${subject(x.text)}.detach()`,
  barrier: ([x]) => x.text,
};
