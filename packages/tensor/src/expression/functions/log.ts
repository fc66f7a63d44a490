import { ln2 } from "../../scalar/ln2.ts";
import { gpuFunction, gpuPolynomial } from "../gpuFunction.ts";
import type { FloatLanes } from "../lanes/floatLanes.ts";
import { floatFunction } from "../operation.ts";

/** (ln((1 + s)/(1 − s)) − 2s)/s³ in s², |s| ≤ 0.172. @source minimax fits: 2^-30.2 and 2^-59.5 of the logarithm */
const series = {
  32: [0.6666677594184875, 0.39977553486824036, 0.2987213730812073],
  64: [
    0.6666666666666735, 0.3999999999940859, 0.2857142874396909, 0.22222198391012654, 0.1818357471491161,
    0.15313763183810625, 0.14799026020737083,
  ],
} as const;

/** x = 2^k·(1 + f) with 1 + f in [√½, √2), k as a number. */
export function splitFloat<V>(v: FloatLanes<V>, x: V): { readonly k: V; readonly f: V } {
  const { fraction, bias } = v.format;
  const root = v.constant(Math.SQRT1_2);
  const offset = v.subBits(x, root);
  const exponent = v.shiftRight(v.addBits(offset, v.constant(1)), fraction);
  // Bits below 2^fraction count whole numbers there.
  const k = v.sub(v.or(exponent, v.constant(2 ** fraction)), v.constant(2 ** fraction + bias));
  const mantissa = v.addBits(v.and(offset, v.integer(2 ** fraction - 1)), root);
  return { k, f: v.sub(mantissa, v.constant(1)) };
}

/**
 * k·ln 2 + ln(1 + f) + rest.
 *
 *   s = f/(2 + f),   ln(1 + f) = f − (f²/2 − s·(f²/2 + R)),   R = s²·series(s²)
 *
 * @source fdlibm e_log.c: the arrangement, in which nothing cancels
 */
export function logOf<V>(v: FloatLanes<V>, k: V, f: V, rest?: V): V {
  const [high, low] = ln2[v.format.bits];
  const s = v.div(f, v.add(f, v.constant(2)));
  const square = v.mul(s, s);
  const half = v.mul(v.mul(f, f), v.constant(0.5));
  const tail = v.madd(square, v.polynomial(square, series[v.format.bits]), half);
  const small = v.madd(k, v.constant(low), v.mul(s, tail));
  const sum = v.sub(v.sub(half, rest ? v.add(small, rest) : small), f);
  return v.sub(v.mul(k, v.constant(high)), sum);
}

/** As `splitFloat`, for subnormal numbers too. */
export function splitNormal<V>(v: FloatLanes<V>, x: V): { readonly k: V; readonly f: V } {
  const { smallestNormal, fraction } = v.format;
  const lift = fraction + 2;
  const isSubnormal = v.lt(x, v.constant(smallestNormal));
  const { k, f } = splitFloat(v, v.select(isSubnormal, v.mul(x, v.constant(2 ** lift)), x));
  return { k: v.sub(k, v.onlyWhere(isSubnormal, v.constant(lift))), f };
}

/** ln x; −Infinity at 0, NaN below. */
export function logVector<V>(v: FloatLanes<V>, x: V): V {
  const { k, f } = splitNormal(v, x);
  const value = logOf(v, k, f);
  const finite = v.select(v.lt(x, v.constant(Infinity)), value, x);
  const atZero = v.select(v.eq(x, v.constant(0)), v.constant(-Infinity), finite);
  return v.nanWhere(v.lt(x, v.constant(0)), atZero);
}

/** ln(1 + f) for f in [−0.29, 0.41]: where a GPU's own logarithm has an absolute error. */
export const gpuLogSeries = gpuFunction(
  "logSeries",
  ["f"],
  `const s = f / (2 + f);
  const square = s * s;
  const half = 0.5 * f * f;
  return f - (half - s * (half + square * (${gpuPolynomial("square", series[32])})));`,
);

/** Whether f = x − 1 is in the range of the series, as source. */
export const gpuIsNearOne = (f: string): string => `Math.abs(${f} - 0.06) < 0.34`;

export const gpuLog = gpuFunction(
  "logOf",
  ["x"],
  `const near = logSeries(x - 1);
  return ${gpuIsNearOne("x - 1")} ? near : Math.log(x);`,
  [gpuLogSeries],
);

/** Natural logarithm. */
export const log = floatFunction("log", { arity: 1, scalar: Math.log, gpu: gpuLog, vector: logVector });
