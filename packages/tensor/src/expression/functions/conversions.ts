import type { DType } from "../../array/dtype.ts";
import { type GpuFunction, gpuFunction } from "../gpuFunction.ts";
import type { FloatLanes } from "../lanes/floatLanes.ts";
import type { Lanes } from "../lanes/lanes.ts";
import type { Operation } from "../operation.ts";

type Convert = <V>(lanes: Lanes<V>, x: V, from: DType) => V;

/** A number as it is, JavaScript rounds it to the dtype of the node. */
const conversion = (
  to: DType,
  convert: Convert,
  js = (x: string): string => x,
  gpu: (x: string) => string | GpuFunction = js,
): Operation => ({
  arity: 1,
  type: () => to,
  js: ([x]) => js(x),
  gpu: ([x], { args }) => (to === "int32" && args[0].dtype === "bool" ? x : gpu(x)),
  vector: (lanes, [x], { args: [{ dtype }] }) => convert(lanes, x, dtype),
});

const toFloat64: Convert = (lanes, x, from) => {
  if (from === "bool") return lanes.oneWhere("float64", x);
  return lanes.toFloat(from, "float64", x);
};

const toFloat32: Convert = (lanes, x, from) => {
  if (from === "bool") return lanes.oneWhere("float32", x);
  return lanes.toFloat(from, "float32", x);
};

/** Whole part modulo 2³², NaN and ±Infinity become 0. */
const toInt32: Convert = (lanes, x, from) => {
  if (from === "bool") return lanes.oneWhere("int32", x);
  return from === "float64" ? wrapFloat64(lanes.float64, x) : wrapFloat32(lanes, x);
};

/** t − 2³²·⌊t/2³²⌋ in [0, 2³²), exact in float64; Infinity − Infinity is NaN, which saturates to 0. */
function wrapFloat64<V>(v: FloatLanes<V>, x: V): V {
  const whole = v.trunc(x);
  const wraps = v.mul(v.floor(v.mul(whole, v.constant(2 ** -32))), v.constant(2 ** 32));
  return v.lanes.toUnsigned("float64", v.sub(whole, wraps));
}

/** In float32 only the remainder with the sign of t is exact: its size is converted, then the sign put back. */
function wrapFloat32<V>(lanes: Lanes<V>, x: V): V {
  const { float32: v, int32 } = lanes;
  const whole = v.trunc(x);
  const wraps = v.mul(v.trunc(v.mul(whole, v.constant(2 ** -32))), v.constant(2 ** 32));
  const rest = v.sub(whole, wraps);
  const size = lanes.toUnsigned("float32", v.abs(rest));
  return int32.select(v.lt(rest, v.constant(0)), int32.neg(size), size);
}

/** Anything but 0 is true, NaN too. */
const toBool: Convert = (lanes, x, from) => {
  const zero = lanes.constant(from, 0);
  return lanes.fromMaskOf(from, lanes.numbers(from).ne(x, zero));
};

/** Whole numbers on a GPU are floats: below 2²⁴ nothing wraps. */
const gpuTruncate = gpuFunction(
  "truncateOf",
  ["x"],
  `const size = Math.floor(Math.abs(x));
  return x < 0 ? -size : size;`,
);

/** Casts, named after the dtype they give; a cast to the dtype of its operand is no node. */
export const conversions = {
  float64: conversion("float64", toFloat64),
  float32: conversion("float32", toFloat32),
  int32: conversion("int32", toInt32, undefined, () => gpuTruncate),
  bool: conversion(
    "bool",
    toBool,
    (x) => `${x} !== 0`,
    (x) => `${x} === 0 ? 0 : 1`,
  ),
  /** Float of the top 23 bits of x in [0, 1). */
  unit32: {
    arity: 2,
    type: ([x, y]) => (x === "int32" && y === "int32" ? "float32" : undefined),
    js: ([x]) => `(${x} >>> 9) * ${2 ** -23}`,
    vector: (lanes, [x]) => {
      const v = lanes.float32;
      return v.mul(lanes.toFloat("int32", "float32", lanes.int32.shiftRight(x, 9)), v.constant(2 ** -23));
    },
  },
  /** Float of the 32 bits of x, high, and the top 20 of y, low, in [0, 1). */
  unit64: {
    arity: 2,
    type: ([x, y]) => (x === "int32" && y === "int32" ? "float64" : undefined),
    js: ([x, y]) => `(${x} >>> 0) * ${2 ** -32} + (${y} >>> 12) * ${2 ** -52}`,
    vector(lanes, [x, y]) {
      const { int32, float64: v } = lanes;
      const high = v.mul(lanes.fromUnsigned(x), v.constant(2 ** -32));
      const low = v.mul(lanes.fromUnsigned(int32.shiftRight(y, 12)), v.constant(2 ** -52));
      return v.add(high, low);
    },
  },
} as const satisfies Record<string, Operation>;
