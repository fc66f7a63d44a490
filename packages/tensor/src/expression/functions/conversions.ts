import { f32x4, f64x2, i32x4 } from "../../backends/wasm/assembler/index.ts";
import { compute } from "../../backends/wasm/vector/bitLanes.ts";
import type { FloatLanes } from "../../backends/wasm/vector/floatLanes.ts";
import type { Lanes } from "../../backends/wasm/vector/lanes.ts";
import type { Vector } from "../../backends/wasm/vector/vector.ts";
import type { DType } from "../../dtype.ts";
import { type GpuFunction, gpuFunction } from "../gpuFunction.ts";
import type { Operation } from "../operation.ts";

type Convert = (lanes: Lanes, x: Vector, from: DType) => Vector;

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
  wasm: (lanes, [x], { args: [{ dtype }] }) => convert(lanes, x, dtype),
});

const toFloat64: Convert = (lanes, x, from) => {
  if (from === "bool") return lanes.oneWhere("float64", x);
  return compute(from === "int32" ? f64x2.convertLowI32x4S : f64x2.promoteLowF32x4, x);
};

const toFloat32: Convert = (lanes, x, from) => {
  if (from === "bool") return lanes.oneWhere("float32", x);
  return compute(from === "int32" ? f32x4.convertI32x4S : f32x4.demoteF64x2Zero, x);
};

/** Whole part modulo 2³², NaN and ±Infinity become 0. */
const toInt32: Convert = (lanes, x, from) => {
  if (from === "bool") return lanes.oneWhere("int32", x);
  return from === "float64" ? wrapFloat64(lanes.float64, x) : wrapFloat32(lanes, x);
};

/** t − 2³²·⌊t/2³²⌋ in [0, 2³²), exact in float64; Infinity − Infinity is NaN, which saturates to 0. */
function wrapFloat64(v: FloatLanes, x: Vector): Vector {
  const whole = v.trunc(x);
  const wraps = v.mul(v.floor(v.mul(whole, v.constant(2 ** -32))), v.constant(2 ** 32));
  return compute(i32x4.truncSatF64x2UZero, v.sub(whole, wraps));
}

/** In float32 only the remainder with the sign of t is exact: its size is converted, then the sign put back. */
function wrapFloat32(lanes: Lanes, x: Vector): Vector {
  const { float32: v, int32 } = lanes;
  const whole = v.trunc(x);
  const wraps = v.mul(v.trunc(v.mul(whole, v.constant(2 ** -32))), v.constant(2 ** 32));
  const rest = v.sub(whole, wraps);
  const size = compute(i32x4.truncSatF32x4U, v.abs(rest));
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

/** Casts, named after the dtype they give; a cast to the dtype that is there already is no node. */
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
    wasm: ({ int32, float32: v }, [x]) =>
      v.mul(compute(f32x4.convertI32x4S, int32.shiftRight(x, 9)), v.constant(2 ** -23)),
  },
  /** Float of the 32 bits of x, high, and the top 20 of y, low, in [0, 1). */
  unit64: {
    arity: 2,
    type: ([x, y]) => (x === "int32" && y === "int32" ? "float64" : undefined),
    js: ([x, y]) => `(${x} >>> 0) * ${2 ** -32} + (${y} >>> 12) * ${2 ** -52}`,
    wasm({ int32, float64: v }, [x, y]) {
      const high = v.mul(compute(f64x2.convertLowI32x4U, x), v.constant(2 ** -32));
      const low = v.mul(compute(f64x2.convertLowI32x4U, int32.shiftRight(y, 12)), v.constant(2 ** -52));
      return v.add(high, low);
    },
  },
} as const satisfies Record<string, Operation>;
