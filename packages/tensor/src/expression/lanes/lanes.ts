import type { DType } from "../../array/dtype.ts";
import type { FloatLanes } from "./floatLanes.ts";
import type { IntLanes } from "./intLanes.ts";

/**
 * The arithmetic that vector bodies of functions are written against, once for every compiled backend: vectors V of all dtypes with the
 * same number of lanes. V is a backend's own type: a tree of WebAssembly instructions, or a name in a text.
 */
export interface Lanes<V> {
  /** Whether multiply-add rounds once. */
  readonly fma: boolean;
  readonly float32: FloatLanes<V>;
  readonly float64: FloatLanes<V>;
  readonly int32: IntLanes<V>;
  float(dtype: DType): FloatLanes<V>;
  /** The arithmetic of a dtype of numbers. */
  numbers(dtype: DType): FloatLanes<V> | IntLanes<V>;
  /** A constant of a dtype; a bool is a mask. */
  constant(dtype: DType, value: number): V;
  /** A vector that several operations of a kernel need: computed once for each key. */
  once(key: string, make: () => V): V;
  /** The mask of a comparison of two numbers of a dtype, as this kernel holds bools. */
  fromMaskOf(dtype: DType, mask: V): V;
  /** A bool as a mask for lanes of a dtype. */
  toMaskOf(dtype: DType, bool: V): V;
  /** 1 where the bool holds, else 0. */
  oneWhere(dtype: DType, bool: V): V;
  /** float32 lanes computed in float64 and rounded at the end. */
  inFloat64(args: readonly V[], body: (v: FloatLanes<V>, ...args: V[]) => V): V;
  /** int32 lanes computed in float64, where they are exact; results outside int32 saturate, NaN is 0. */
  intInFloat64(args: readonly V[], body: (v: FloatLanes<V>, ...args: V[]) => V): V;
  /** Numbers of a dtype as the nearest numbers of a float dtype. */
  toFloat(from: DType, to: "float32" | "float64", x: V): V;
  /** int32 lanes read as whole numbers in [0, 2³²), as float64. */
  fromUnsigned(x: V): V;
  /** Whole floats in [0, 2³²) as int32 lanes; numbers below and NaN become 0. */
  toUnsigned(from: DType, x: V): V;
}
