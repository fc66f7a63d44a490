import { and, compute, or, select, shift, xor } from "./bitLanes.ts";
import type { FloatFormat } from "./floatFormat.ts";
import { callHost } from "./hostCalls.ts";
import type { Lanes } from "./lanes.ts";
import type { Vector } from "./vector.ts";

/**
 * Arithmetic on lanes of one floating-point format. Function bodies are written on it once for both formats.
 *
 * A comparison gives a mask of this format's width: all ones where it holds.
 */
export class FloatLanes {
  readonly lanes: Lanes;
  readonly format: FloatFormat;

  constructor(lanes: Lanes, format: FloatFormat) {
    this.lanes = lanes;
    this.format = format;
  }

  get is64(): boolean {
    return this.format.bits === 64;
  }

  /** The same number in every lane. */
  constant(value: number): Vector {
    return this.is64 ? this.lanes.constants.float64(value) : this.lanes.constants.float32(value);
  }

  /** The same integer of this format's width in every lane. */
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

  /** NaN if either is, −0 below 0. */
  min(a: Vector, b: Vector): Vector {
    return compute(this.format.float.min, a, b);
  }

  max(a: Vector, b: Vector): Vector {
    return compute(this.format.float.max, a, b);
  }

  /** a, or b where b < a: NaN in a stays. One machine instruction, `min` takes several. */
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

  /** a·b + c, rounded once where the engine has it. */
  madd(a: Vector, b: Vector, c: Vector): Vector {
    return this.lanes.fma ? compute(this.format.float.relaxedMadd, a, b, c) : this.add(this.mul(a, b), c);
  }

  /** c − a·b, rounded once where the engine has it. */
  nmadd(a: Vector, b: Vector, c: Vector): Vector {
    return this.lanes.fma ? compute(this.format.float.relaxedNmadd, a, b, c) : this.sub(c, this.mul(a, b));
  }

  /**
   * What rounding took from a product: a·b = product + productError(a, b, product), exactly.
   *
   * @source Dekker 1971, where the engine has no fused multiply-add
   */
  productError(a: Vector, b: Vector, product: Vector): Vector {
    if (this.lanes.fma) return compute(this.format.float.relaxedMadd, a, b, this.neg(product));
    const [highA, lowA] = this.halves(a);
    const [highB, lowB] = this.halves(b);
    const withoutHighs = this.sub(product, this.mul(highA, highB));
    const rest = this.sub(this.sub(withoutHighs, this.mul(lowA, highB)), this.mul(highA, lowB));
    return this.sub(this.mul(lowA, lowB), rest);
  }

  /** x as a sum of two numbers of half the bits, whose products are exact. */
  private halves(x: Vector): readonly [Vector, Vector] {
    const splitter = this.constant(2 ** Math.ceil((this.format.fraction + 1) / 2) + 1);
    const wide = this.mul(splitter, x);
    const high = this.sub(wide, this.sub(wide, x));
    return [high, this.sub(x, high)];
  }

  /** Horner's rule; coefficients with the lowest power first. */
  polynomial(x: Vector, coefficients: readonly number[]): Vector {
    const last = coefficients.length - 1;
    let sum = this.constant(coefficients[last]);
    for (let power = last - 1; power >= 0; power--) sum = this.madd(sum, x, this.constant(coefficients[power]));
    return sum;
  }

  select(mask: Vector, a: Vector, b: Vector): Vector {
    return select(mask, a, b);
  }

  /** a where the mask holds, else +0. */
  onlyWhere(mask: Vector, a: Vector): Vector {
    return and(a, mask);
  }

  /** The sign bit of x alone. */
  signOf(x: Vector): Vector {
    return and(x, this.constant(-0));
  }

  /** A number ≥ 0 with the sign of x. */
  withSignOf(size: Vector, x: Vector): Vector {
    return or(size, this.signOf(x));
  }

  /** A number whose sign is turned where the sign bits of a mask are set. */
  flipped(value: Vector, signs: Vector): Vector {
    return xor(value, signs);
  }

  /** A number with its sign turned where x is negative. */
  turnedBySignOf(value: Vector, x: Vector): Vector {
    return xor(value, this.signOf(x));
  }

  /** Sum and difference of bit patterns, as integers. */
  addBits(a: Vector, b: Vector): Vector {
    return compute(this.format.integer.add, a, b);
  }

  subBits(a: Vector, b: Vector): Vector {
    return compute(this.format.integer.sub, a, b);
  }

  shiftLeft(a: Vector, bits: number): Vector {
    return shift(this.format.integer.shl, a, bits);
  }

  /** Shifts zeros in. */
  shiftRight(a: Vector, bits: number): Vector {
    return shift(this.format.integer.shrU, a, bits);
  }

  /** Shifts copies of the sign bit in. */
  shiftRightSigned(a: Vector, bits: number): Vector {
    return shift(this.format.integer.shrS, a, bits);
  }

  /** 2ⁿ for an integer n in the range of normal exponents. */
  powerOfTwo(n: Vector): Vector {
    const { bias, fraction } = this.format;
    return this.shiftLeft(this.addBits(n, this.integer(bias)), fraction);
  }

  /**
   * The nearest whole number n of scale·x, as a number and as an integer; |n| < 2^21 (float32), 2^50 (float64).
   *
   * Adding 1.5·2^fraction leaves no bits after the point, and puts n into the low bits.
   */
  wholePart(x: Vector, scale: number): { readonly n: Vector; readonly integer: Vector } {
    const shifter = 1.5 * 2 ** this.format.fraction;
    const shifted = this.madd(x, this.constant(scale), this.constant(shifter));
    return {
      n: this.sub(shifted, this.constant(shifter)),
      integer: this.subBits(shifted, this.constant(shifter)),
    };
  }

  /** x, but taken from the host's function of this name (on `args`) where the mask holds. */
  patch(x: Vector, mask: Vector, name: string, args: readonly Vector[]): Vector {
    return callHost(this, name, args, { otherwise: x, mask });
  }

  /** The host's function of this name in every lane. */
  host(name: string, args: readonly Vector[]): Vector {
    return callHost(this, name, args);
  }
}
