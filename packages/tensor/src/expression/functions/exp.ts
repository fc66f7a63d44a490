import { ln2 } from "../../scalar/ln2.ts";
import type { FloatLanes } from "../lanes/floatLanes.ts";
import { floatFunction } from "../operation.ts";

/** Constants of one format. */
interface Constants {
  /** (eʳ − 1 − r)/r² for |r| ≤ 0.3475. */
  readonly series: readonly number[];
  /** Below, eˣ is 0; above, Infinity. */
  readonly low: number;
  readonly high: number;
}

/** @source minimax fit (Remez, coefficients rounded one by one): relative error of eʳ 2^-28.2 */
const single: Constants = {
  series: [0.4999999403953552, 0.1666652113199234, 0.04166829213500023, 0.008368715643882751, 0.001381869544275105],
  low: -104,
  high: 89,
};

/** @source the same: 2^-57.9 */
const double: Constants = {
  series: [
    0.5000000000000011, 0.16666666666666427, 0.04166666666652662, 0.008333333333487633, 0.001388888894455107,
    0.00019841269518684532, 2.480149211495359e-5, 2.75575766065758e-6, 2.763061546949323e-7, 2.5003082740355095e-8,
  ],
  low: -746,
  high: 710,
};

/** x = n·ln 2 + r with |r| ≤ 0.3475, and m = eʳ − 1. */
export interface Reduced<V> {
  readonly r: V;
  /** n as an integer. */
  readonly n: V;
  readonly m: V;
}

/**
 * Splits x so that eˣ = 2ⁿ·(1 + m).
 *
 * @param series coefficients of (eʳ − 1 − r)/r²
 * @source Cody and Waite 1980, "Software Manual for the Elementary Functions": the reduction
 */
export function reduceExp<V>(v: FloatLanes<V>, x: V, series: readonly number[] = constantsOf(v).series): Reduced<V> {
  const [high, low] = ln2[v.format.bits];
  const { n, integer } = v.wholePart(x, Math.LOG2E);
  const r = v.nmadd(n, v.constant(low), v.nmadd(n, v.constant(high), x));
  return { r, n: integer, m: v.madd(v.mul(r, r), v.polynomial(r, series), r) };
}

/**
 * eˣ, also for ±Infinity, overflow, underflow and NaN.
 *
 * @param tail the rest of an x that has more bits than one number
 */
export function expVector<V>(v: FloatLanes<V>, x: V, tail?: V): V {
  const { low, high } = constantsOf(v);
  const reduced = reduceExp(v, v.atLeast(v.atMost(x, v.constant(high)), v.constant(low)));
  const { n } = reduced;
  const m = tail ? v.madd(tail, v.add(reduced.m, v.constant(1)), reduced.m) : reduced.m;
  const { bias, fraction } = v.format;
  // 2ⁿ as two factors: one alone would overflow at the top, and miss the subnormal numbers at the bottom.
  const both = v.addBits(n, v.integer(2 * bias));
  const half = v.shiftRight(both, 1);
  const scaled = v.mul(v.add(m, v.constant(1)), v.shiftLeft(half, fraction));
  return v.mul(scaled, v.shiftLeft(v.subBits(both, half), fraction));
}

const constantsOf = <V>(v: FloatLanes<V>): Constants => (v.is64 ? double : single);

/** eˣ. */
export const exp = floatFunction("exp", {
  arity: 1,
  scalar: Math.exp,
  gpu: (x) => `Math.exp(${x})`,
  vector: expVector,
});
