/** Operations on the bits of vectors V; a mask has all bits of a lane set, or none. */
export interface BitLanes<V> {
  and(a: V, b: V): V;
  or(a: V, b: V): V;
  xor(a: V, b: V): V;
  not(a: V): V;
  /** a without the bits of b. */
  andNot(a: V, b: V): V;
  /** Lane by lane a where the mask is all ones, b where it is all zeros. */
  select(mask: V, a: V, b: V): V;
}
