import { ln2 } from "../../scalar/ln2.ts";
import type { FloatLanes } from "../lanes/floatLanes.ts";
import { addExactly, addPairs, multiplyExactly, multiplyPairs, type Pair } from "../lanes/pairs.ts";
import { splitNormal } from "./log.ts";

/** ((ln((1 + s)/(1 − s)) − 2s)/s³ − 2/3)/s² in s². @source minimax fit: 2^-73.3 of the logarithm */
const series = [
  0.39999999999999974, 0.28571428571447044, 0.22222222217070098, 0.1818181892711869, 0.15384553023976585,
  0.13336464342430224, 0.11671857956770988, 0.12013487098332663,
];

/** 2/3 as a number and the rest of it. */
const twoThirds = [0.6666666666666666, 3.700743415417188e-17] as const;

/**
 * ln x to about 64 bits, float64 only, for 0 < x < ∞.
 *
 *   x = 2^k·(1 + f),   s = f/(2 + f),   ln x = k·ln 2 + 2s + 2/3·s³ + s⁵·series(s²)
 *
 * The first three terms are pairs, the last is small enough for one number.
 */
export function logPair<V>(v: FloatLanes<V>, x: V): Pair<V> {
  const { k, f } = splitNormal(v, x);
  const s = quotient(v, f);
  const square = multiplyPairs(v, s, s);
  const cube = multiplyPairs(v, s, square);
  const third = multiplyPairs(v, cube, { value: v.constant(twoThirds[0]), tail: v.constant(twoThirds[1]) });
  const rest = v.mul(v.mul(cube.value, square.value), v.polynomial(square.value, series));
  const double = { value: v.add(s.value, s.value), tail: v.add(s.tail, s.tail) };
  const ofFraction = addPairs(v, double, { value: third.value, tail: v.add(third.tail, rest) });
  const ofPower = { value: v.mul(k, v.constant(ln2[64][0])), tail: v.mul(k, v.constant(ln2[64][1])) };
  const sum = addInAnyOrder(v, ofPower, ofFraction);
  return addExactly(v, sum.value, sum.tail);
}

/** f/(2 + f), with the remainder of the division and of the sum. */
function quotient<V>(v: FloatLanes<V>, f: V): Pair<V> {
  const two = v.constant(2);
  const sum = addExactly(v, two, f);
  const value = v.div(f, sum.value);
  const back = multiplyExactly(v, value, sum.value);
  const remainder = v.sub(v.sub(v.sub(f, back.value), back.tail), v.mul(value, sum.tail));
  return { value, tail: v.div(remainder, sum.value) };
}

/** A sum whose first part may be 0 or the larger one. @source Knuth 1969, two-sum */
function addInAnyOrder<V>(v: FloatLanes<V>, a: Pair<V>, b: Pair<V>): Pair<V> {
  const value = v.add(a.value, b.value);
  const fromB = v.sub(value, a.value);
  const lost = v.add(v.sub(a.value, v.sub(value, fromB)), v.sub(b.value, fromB));
  return { value, tail: v.add(lost, v.add(a.tail, b.tail)) };
}
