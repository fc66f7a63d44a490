import type { FloatLanes } from "./floatLanes.ts";

/** Numbers with twice the bits: the sum of a rounded value and its rounding error. */
export interface Pair<V> {
  readonly value: V;
  readonly tail: V;
}

/** a + b for |a| ≥ |b|, exactly. @source Dekker 1971 */
export function addExactly<V>(v: FloatLanes<V>, a: V, b: V): Pair<V> {
  const value = v.add(a, b);
  return { value, tail: v.sub(b, v.sub(value, a)) };
}

/** a·b, exactly. */
export function multiplyExactly<V>(v: FloatLanes<V>, a: V, b: V): Pair<V> {
  const value = v.mul(a, b);
  return { value, tail: v.productError(a, b, value) };
}

/** a·b of two pairs; the product of the tails is left out. */
export function multiplyPairs<V>(v: FloatLanes<V>, a: Pair<V>, b: Pair<V>): Pair<V> {
  const { value, tail } = multiplyExactly(v, a.value, b.value);
  return { value, tail: v.add(tail, v.madd(a.value, b.tail, v.mul(a.tail, b.value))) };
}

/** a + b of two pairs with |a| ≥ |b|. */
export function addPairs<V>(v: FloatLanes<V>, a: Pair<V>, b: Pair<V>): Pair<V> {
  const { value, tail } = addExactly(v, a.value, b.value);
  return { value, tail: v.add(tail, v.add(a.tail, b.tail)) };
}
