import { pow as scalar } from "../../scalar/pow.ts";
import { gpuFunction } from "../gpuFunction.ts";
import type { FloatLanes } from "../lanes/floatLanes.ts";
import { floatFunction } from "../operation.ts";
import { expVector } from "./exp.ts";
import { gpuLog, logVector } from "./log.ts";
import { logPair } from "./logPair.ts";

/** |x|^y with the sign that a whole y gives it, and the exceptions of IEEE 754. */
function withExceptions<V>(v: FloatLanes<V>, x: V, y: V, size: V): V {
  const one = v.constant(1);
  const zero = v.constant(0);
  const infinity = v.constant(Infinity);
  const half = v.mul(y, v.constant(0.5));
  const isWhole = v.eq(v.floor(y), y);
  const isOdd = v.andNot(isWhole, v.eq(v.floor(half), half));
  const signed = v.flipped(size, v.and(v.signOf(x), isOdd));
  // A negative number (−∞ is not one here) has no power that is not whole.
  const isNegative = v.onlyWhere(v.lt(x, zero), v.gt(x, v.constant(-Infinity)));
  const value = v.nanWhere(v.andNot(isNegative, isWhole), signed);
  const isUnit = v.onlyWhere(v.eq(v.abs(x), one), v.eq(v.abs(y), infinity));
  return v.select(v.or(v.or(v.eq(x, one), v.eq(y, zero)), isUnit), one, value);
}

/**
 * e^{y·ln|x|}. float32 is computed in float64, where the product has bits to spare; float64 itself would lose up to ten of
 * them, so there the logarithm and the product are pairs of numbers.
 *
 * @source IEEE 754-2019, section 9.2.1: the exceptions
 */
function powVector<V>(v: FloatLanes<V>, x: V, y: V): V {
  if (v.is64) return withExceptions(v, x, y, sizeOfPower(v, v.abs(x), y));
  const power = (wide: FloatLanes<V>, a: V, b: V): V =>
    withExceptions(wide, a, b, expVector(wide, wide.mul(b, logVector(wide, wide.abs(a)))));
  return v.lanes.inFloat64([x, y], power);
}

/** x^y for x ≥ 0 in float64. */
function sizeOfPower<V>(v: FloatLanes<V>, x: V, y: V): V {
  const zero = v.constant(0);
  const infinity = v.constant(Infinity);
  const log = logPair(v, x);
  const atZero = v.select(v.eq(x, zero), v.constant(-Infinity), log.value);
  const value = v.select(v.lt(x, infinity), atZero, x);
  const exponent = v.mul(y, value);
  // Where the result is 0 or Infinity, or 1 for a huge y, there is no remainder.
  const isMeasured = v.onlyWhere(v.lt(v.abs(exponent), v.constant(2000)), v.lt(v.abs(y), v.constant(2 ** 900)));
  const tail = v.onlyWhere(isMeasured, v.madd(y, log.tail, v.productError(y, value, exponent)));
  return expVector(v, exponent, tail);
}

/** The product y·ln|x| is rounded once: the result is off by up to |y·ln x| units. */
const gpuPow = gpuFunction(
  "powOf",
  ["x", "y"],
  `const size = Math.exp(y * logOf(Math.max(Math.abs(x), ${2 ** -126})));
  const whole = Math.floor(y);
  const half = Math.floor(y * 0.5);
  const odd = whole - 2 * half;
  const isWhole = whole === y ? 1 : 0;
  const value = x < 0 ? (isWhole > 0.5 ? (odd > 0.5 ? -size : size) : Math.sqrt(x)) : size;
  const atZero = y > 0 ? 0 : (y === 0 ? 1 : 1 / Math.abs(x));
  return x === 0 ? atZero : value;`,
  [gpuLog],
);

/** x to the power y, both real. */
export const pow = floatFunction("pow", { arity: 2, scalar, gpu: gpuPow, vector: powVector });
