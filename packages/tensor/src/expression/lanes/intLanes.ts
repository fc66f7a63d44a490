import type { BitLanes } from "./bitLanes.ts";

/** Arithmetic on int32 lanes of vectors V, modulo 2³²; a comparison gives a 32-bit mask. */
export interface IntLanes<V> extends BitLanes<V> {
  constant(value: number): V;
  add(a: V, b: V): V;
  sub(a: V, b: V): V;
  mul(a: V, b: V): V;
  neg(a: V): V;
  abs(a: V): V;
  min(a: V, b: V): V;
  max(a: V, b: V): V;
  eq(a: V, b: V): V;
  ne(a: V, b: V): V;
  lt(a: V, b: V): V;
  le(a: V, b: V): V;
  /** Every lane by the same number of bits in [0, 32). */
  shiftLeft(a: V, bits: number): V;
  shiftRight(a: V, bits: number): V;
  /** Every lane by its own number of bits modulo 32. */
  shiftLeftBy(a: V, bits: V): V;
  shiftRightBy(a: V, bits: V): V;
}
