import type { DType } from "../../../array/dtype.ts";
import type { FloatLanes as AbstractFloatLanes } from "../../../expression/lanes/floatLanes.ts";
import type { Lanes as AbstractLanes } from "../../../expression/lanes/lanes.ts";
import { f32x4, f64x2, i32x4, i64x2 } from "../assembler/index.ts";
import { and, compute, shuffle32 } from "./bitLanes.ts";
import type { ConstantPool } from "./constantPool.ts";
import { float32Format, float64Format } from "./floatFormat.ts";
import { FloatLanes } from "./floatLanes.ts";
import { IntLanes } from "./intLanes.ts";
import type { Vector } from "./vector.ts";

/** Elements that a kernel computes at once: 2 if any number in it is float64, else 4. */
export type LaneCount = 2 | 4;

/**
 * How a kernel holds its values in vectors.
 *
 * | lanes | float64 | float32, int32 | bool |
 * |---|---|---|---|
 * | 4 | – | all four | 32-bit masks |
 * | 2 | both | the low two of four | 64-bit masks |
 */
export class Lanes implements AbstractLanes<Vector> {
  readonly count: LaneCount;
  readonly constants: ConstantPool;
  /** Whether multiply-add rounds once. */
  readonly fma: boolean;
  readonly float32: FloatLanes;
  readonly float64: FloatLanes;
  readonly int32: IntLanes;
  private readonly keep: (x: Vector) => Vector;
  private readonly kept = new Map<string, Vector>();

  /** @param keep writes a vector now and returns where it stays for the rest of the kernel */
  constructor(count: LaneCount, constants: ConstantPool, fma: boolean, keep: (x: Vector) => Vector = (x) => x) {
    this.keep = keep;
    this.count = count;
    this.constants = constants;
    this.fma = fma;
    this.float32 = new FloatLanes(this, float32Format);
    this.float64 = new FloatLanes(this, float64Format);
    this.int32 = new IntLanes(this);
  }

  /** A vector that several operations of a kernel need: computed once for each key. */
  once(key: string, make: () => Vector): Vector {
    const known = this.kept.get(key) ?? this.keep(make());
    this.kept.set(key, known);
    return known;
  }

  float(dtype: DType): FloatLanes {
    return dtype === "float64" ? this.float64 : this.float32;
  }

  /** The arithmetic of a dtype of numbers. */
  numbers(dtype: DType): FloatLanes | IntLanes {
    return dtype === "int32" ? this.int32 : this.float(dtype);
  }

  /** The mask of a comparison of two numbers of a dtype, as this kernel holds bools. */
  fromMaskOf(dtype: DType, mask: Vector): Vector {
    return this.isNarrow(dtype) ? compute(i64x2.extendLowI32x4S, mask) : mask;
  }

  /** A bool as a mask for lanes of a dtype. */
  toMaskOf(dtype: DType, bool: Vector): Vector {
    return this.isNarrow(dtype) ? shuffle32(bool, bool, [0, 2, 0, 2]) : bool;
  }

  /** Whether lanes of the dtype are half as wide as this kernel's masks. */
  private isNarrow(dtype: DType): boolean {
    return this.count === 2 && (dtype === "float32" || dtype === "int32");
  }

  /** A constant of a dtype; a bool is a mask. */
  constant(dtype: DType, value: number): Vector {
    if (dtype === "bool") return this.constants.int32(value === 0 ? 0 : -1);
    return this.numbers(dtype).constant(value);
  }

  /** float32 lanes computed in float64, two at a time, and rounded at the end. */
  inFloat64(args: readonly Vector[], body: (v: AbstractFloatLanes<Vector>, ...args: Vector[]) => Vector): Vector {
    const half = (select: (x: Vector) => Vector): Vector =>
      compute(f32x4.demoteF64x2Zero, body(this.float64, ...args.map((x) => compute(f64x2.promoteLowF32x4, select(x)))));
    const low = half((x) => x);
    return this.count === 2 ? low : joinHalves(low, half(highHalf));
  }

  /** int32 lanes computed in float64, where they are exact, two at a time; results outside int32 saturate. */
  intInFloat64(args: readonly Vector[], body: (v: AbstractFloatLanes<Vector>, ...args: Vector[]) => Vector): Vector {
    const half = (select: (x: Vector) => Vector): Vector =>
      compute(
        i32x4.truncSatF64x2SZero,
        body(this.float64, ...args.map((x) => compute(f64x2.convertLowI32x4S, select(x)))),
      );
    const low = half((x) => x);
    return this.count === 2 ? low : joinHalves(low, half(highHalf));
  }

  toFloat(from: DType, to: "float32" | "float64", x: Vector): Vector {
    if (to === "float64") return compute(from === "int32" ? f64x2.convertLowI32x4S : f64x2.promoteLowF32x4, x);
    return compute(from === "int32" ? f32x4.convertI32x4S : f32x4.demoteF64x2Zero, x);
  }

  fromUnsigned(x: Vector): Vector {
    return compute(f64x2.convertLowI32x4U, x);
  }

  toUnsigned(from: DType, x: Vector): Vector {
    return compute(from === "float64" ? i32x4.truncSatF64x2UZero : i32x4.truncSatF32x4U, x);
  }

  /** 1 where the bool holds, else 0. */
  oneWhere(dtype: DType, bool: Vector): Vector {
    return and(this.toMaskOf(dtype, bool), this.constant(dtype, 1));
  }
}

const highHalf = (x: Vector): Vector => shuffle32(x, x, [2, 3, 2, 3]);

const joinHalves = (low: Vector, high: Vector): Vector => shuffle32(low, high, [0, 1, 4, 5]);
