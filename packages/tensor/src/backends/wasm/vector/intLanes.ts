import type { IntLanes as AbstractIntLanes } from "../../../expression/lanes/intLanes.ts";
import { i32, i32x4 } from "../assembler/index.ts";
import { and, andNot, compute, not, or, select, shift, xor } from "./bitLanes.ts";
import type { Lanes } from "./lanes.ts";
import type { Vector } from "./vector.ts";

/** Arithmetic on int32 lanes, modulo 2³²; a comparison gives a 32-bit mask. */
export class IntLanes implements AbstractIntLanes<Vector> {
  readonly lanes: Lanes;
  readonly and = and;
  readonly or = or;
  readonly xor = xor;
  readonly not = not;
  readonly andNot = andNot;
  readonly select = select;

  constructor(lanes: Lanes) {
    this.lanes = lanes;
  }

  constant(value: number): Vector {
    return this.lanes.constants.int32(value);
  }

  add(a: Vector, b: Vector): Vector {
    return compute(i32x4.add, a, b);
  }

  sub(a: Vector, b: Vector): Vector {
    return compute(i32x4.sub, a, b);
  }

  mul(a: Vector, b: Vector): Vector {
    return compute(i32x4.mul, a, b);
  }

  neg(a: Vector): Vector {
    return compute(i32x4.neg, a);
  }

  abs(a: Vector): Vector {
    return compute(i32x4.abs, a);
  }

  min(a: Vector, b: Vector): Vector {
    return compute(i32x4.minS, a, b);
  }

  max(a: Vector, b: Vector): Vector {
    return compute(i32x4.maxS, a, b);
  }

  eq(a: Vector, b: Vector): Vector {
    return compute(i32x4.eq, a, b);
  }

  ne(a: Vector, b: Vector): Vector {
    return compute(i32x4.ne, a, b);
  }

  lt(a: Vector, b: Vector): Vector {
    return compute(i32x4.ltS, a, b);
  }

  le(a: Vector, b: Vector): Vector {
    return compute(i32x4.leS, a, b);
  }

  /** Every lane by the same number of bits in [0, 32). */
  shiftLeft(a: Vector, bits: number): Vector {
    return shift(i32x4.shl, a, bits);
  }

  shiftRight(a: Vector, bits: number): Vector {
    return shift(i32x4.shrU, a, bits);
  }

  /** Every lane by its own number of bits modulo 32: there is no vector form. */
  shiftLeftBy(a: Vector, bits: Vector): Vector {
    return this.laneByLane(i32.shl, a, bits);
  }

  shiftRightBy(a: Vector, bits: Vector): Vector {
    return this.laneByLane(i32.shrU, a, bits);
  }

  private laneByLane(opcode: number, a: Vector, b: Vector): Vector {
    return compute(
      (fn) => {
        const right = fn.local("v128");
        fn.set(right);
        const left = fn.local("v128");
        fn.set(left);
        fn.get(left);
        for (let lane = 0; lane < this.lanes.count; lane++) {
          for (const side of [left, right]) {
            fn.get(side);
            fn.lane(i32x4.extractLane, lane);
          }
          fn.op(opcode);
          fn.lane(i32x4.replaceLane, lane);
        }
        for (const side of [left, right]) fn.release(side);
      },
      a,
      b,
    );
  }
}
