import { FloatLanes as AbstractFloatLanes } from "../../../expression/lanes/floatLanes.ts";
import { and, andNot, compute, not, or, select, shift, xor } from "./bitLanes.ts";
import type { FloatFormat } from "./floatFormat.ts";
import { callHost } from "./hostCalls.ts";
import type { Lanes } from "./lanes.ts";
import type { Vector } from "./vector.ts";

/** Arithmetic on lanes of one floating-point format, in instructions of 128 bits. */
export class FloatLanes extends AbstractFloatLanes<Vector> {
  declare readonly lanes: Lanes;
  declare readonly format: FloatFormat;
  readonly and = and;
  readonly or = or;
  readonly xor = xor;
  readonly not = not;
  readonly andNot = andNot;
  readonly select = select;

  constructor(lanes: Lanes, format: FloatFormat) {
    super(lanes, format);
  }

  constant(value: number): Vector {
    return this.is64 ? this.lanes.constants.float64(value) : this.lanes.constants.float32(value);
  }

  integer(value: number): Vector {
    return this.is64 ? this.lanes.constants.int64(value) : this.lanes.constants.int32(value);
  }

  add(a: Vector, b: Vector): Vector {
    return compute(this.format.float.add, a, b);
  }

  sub(a: Vector, b: Vector): Vector {
    return compute(this.format.float.sub, a, b);
  }

  mul(a: Vector, b: Vector): Vector {
    return compute(this.format.float.mul, a, b);
  }

  div(a: Vector, b: Vector): Vector {
    return compute(this.format.float.div, a, b);
  }

  neg(a: Vector): Vector {
    return compute(this.format.float.neg, a);
  }

  abs(a: Vector): Vector {
    return compute(this.format.float.abs, a);
  }

  sqrt(a: Vector): Vector {
    return compute(this.format.float.sqrt, a);
  }

  floor(a: Vector): Vector {
    return compute(this.format.float.floor, a);
  }

  ceil(a: Vector): Vector {
    return compute(this.format.float.ceil, a);
  }

  trunc(a: Vector): Vector {
    return compute(this.format.float.trunc, a);
  }

  nearest(a: Vector): Vector {
    return compute(this.format.float.nearest, a);
  }

  min(a: Vector, b: Vector): Vector {
    return compute(this.format.float.min, a, b);
  }

  max(a: Vector, b: Vector): Vector {
    return compute(this.format.float.max, a, b);
  }

  atMost(a: Vector, b: Vector): Vector {
    return compute(this.format.float.pmin, a, b);
  }

  atLeast(a: Vector, b: Vector): Vector {
    return compute(this.format.float.pmax, a, b);
  }

  eq(a: Vector, b: Vector): Vector {
    return compute(this.format.float.eq, a, b);
  }

  ne(a: Vector, b: Vector): Vector {
    return compute(this.format.float.ne, a, b);
  }

  lt(a: Vector, b: Vector): Vector {
    return compute(this.format.float.lt, a, b);
  }

  le(a: Vector, b: Vector): Vector {
    return compute(this.format.float.le, a, b);
  }

  gt(a: Vector, b: Vector): Vector {
    return compute(this.format.float.gt, a, b);
  }

  ge(a: Vector, b: Vector): Vector {
    return compute(this.format.float.ge, a, b);
  }

  madd(a: Vector, b: Vector, c: Vector): Vector {
    return this.lanes.fma ? compute(this.format.float.relaxedMadd, a, b, c) : this.add(this.mul(a, b), c);
  }

  nmadd(a: Vector, b: Vector, c: Vector): Vector {
    return this.lanes.fma ? compute(this.format.float.relaxedNmadd, a, b, c) : this.sub(c, this.mul(a, b));
  }

  addBits(a: Vector, b: Vector): Vector {
    return compute(this.format.integer.add, a, b);
  }

  subBits(a: Vector, b: Vector): Vector {
    return compute(this.format.integer.sub, a, b);
  }

  shiftLeft(a: Vector, bits: number): Vector {
    return shift(this.format.integer.shl, a, bits);
  }

  shiftRight(a: Vector, bits: number): Vector {
    return shift(this.format.integer.shrU, a, bits);
  }

  shiftRightSigned(a: Vector, bits: number): Vector {
    return shift(this.format.integer.shrS, a, bits);
  }

  patch(x: Vector, mask: Vector, name: string, args: readonly Vector[]): Vector {
    return callHost(this, name, args, { otherwise: x, mask });
  }

  host(name: string, args: readonly Vector[]): Vector {
    return callHost(this, name, args);
  }
}
