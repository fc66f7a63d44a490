import type { BitLanes } from "./bitLanes.ts";
import type { FloatFormat } from "./floatFormat.ts";
import type { Lanes } from "./lanes.ts";

/**
 * Arithmetic on lanes of one floating-point format, on vectors V. Function bodies are written on it once, for both formats and all
 * compiled backends.
 *
 * A comparison gives a mask of this format's width: all ones where it holds.
 */
export abstract class FloatLanes<V> implements BitLanes<V> {
  readonly lanes: Lanes<V>;
  readonly format: FloatFormat;

  constructor(lanes: Lanes<V>, format: FloatFormat) {
    this.lanes = lanes;
    this.format = format;
  }

  get is64(): boolean {
    return this.format.bits === 64;
  }

  /** The same number in every lane. */
  abstract constant(value: number): V;
  /** The same integer of this format's width in every lane. */
  abstract integer(value: number): V;
  abstract add(a: V, b: V): V;
  abstract sub(a: V, b: V): V;
  abstract mul(a: V, b: V): V;
  abstract div(a: V, b: V): V;
  abstract neg(a: V): V;
  abstract abs(a: V): V;
  abstract sqrt(a: V): V;
  abstract floor(a: V): V;
  abstract ceil(a: V): V;
  abstract trunc(a: V): V;
  abstract nearest(a: V): V;
  /** NaN if either is, −0 below 0. */
  abstract min(a: V, b: V): V;
  abstract max(a: V, b: V): V;
  /** a, or b where b < a: NaN in a stays. One machine instruction, `min` takes several. */
  abstract atMost(a: V, b: V): V;
  abstract atLeast(a: V, b: V): V;
  abstract eq(a: V, b: V): V;
  abstract ne(a: V, b: V): V;
  abstract lt(a: V, b: V): V;
  abstract le(a: V, b: V): V;
  abstract gt(a: V, b: V): V;
  abstract ge(a: V, b: V): V;
  /** a·b + c, rounded once where the machine has such an instruction. */
  abstract madd(a: V, b: V, c: V): V;
  /** c − a·b, rounded once where the machine has such an instruction. */
  abstract nmadd(a: V, b: V, c: V): V;
  abstract and(a: V, b: V): V;
  abstract or(a: V, b: V): V;
  abstract xor(a: V, b: V): V;
  abstract not(a: V): V;
  abstract andNot(a: V, b: V): V;
  abstract select(mask: V, a: V, b: V): V;
  /** Sum and difference of bit patterns, as integers. */
  abstract addBits(a: V, b: V): V;
  abstract subBits(a: V, b: V): V;
  abstract shiftLeft(a: V, bits: number): V;
  /** Shifts zeros in. */
  abstract shiftRight(a: V, bits: number): V;
  /** Shifts copies of the sign bit in. */
  abstract shiftRightSigned(a: V, bits: number): V;
  /** x, but taken from the host's function of this name (on `args`) where the mask holds. */
  abstract patch(x: V, mask: V, name: string, args: readonly V[]): V;
  /** The host's function of this name in every lane. */
  abstract host(name: string, args: readonly V[]): V;

  /**
   * The rounding error of a product: a·b = product + productError(a, b, product), exactly.
   *
   * @source Dekker 1971, where the machine has no fused multiply-add
   */
  productError(a: V, b: V, product: V): V {
    if (this.lanes.fma) return this.madd(a, b, this.neg(product));
    const [highA, lowA] = this.halves(a);
    const [highB, lowB] = this.halves(b);
    const withoutHighs = this.sub(product, this.mul(highA, highB));
    const rest = this.sub(this.sub(withoutHighs, this.mul(lowA, highB)), this.mul(highA, lowB));
    return this.sub(this.mul(lowA, lowB), rest);
  }

  /** x as a sum of two numbers of half the bits, whose products are exact. */
  private halves(x: V): readonly [V, V] {
    const splitter = this.constant(2 ** Math.ceil((this.format.fraction + 1) / 2) + 1);
    const wide = this.mul(splitter, x);
    const high = this.sub(wide, this.sub(wide, x));
    return [high, this.sub(x, high)];
  }

  /** Horner's rule; coefficients with the lowest power first. */
  polynomial(x: V, coefficients: readonly number[]): V {
    const last = coefficients.length - 1;
    let sum = this.constant(coefficients[last]);
    for (let power = last - 1; power >= 0; power--) sum = this.madd(sum, x, this.constant(coefficients[power]));
    return sum;
  }

  /** a where the mask holds, else +0. */
  onlyWhere(mask: V, a: V): V {
    return this.and(a, mask);
  }

  /** The sign bit of x alone. */
  signOf(x: V): V {
    return this.and(x, this.constant(-0));
  }

  /** A number ≥ 0 with the sign of x. */
  withSignOf(size: V, x: V): V {
    return this.or(size, this.signOf(x));
  }

  /** A number whose sign is turned where the sign bits of a mask are set. */
  flipped(value: V, signs: V): V {
    return this.xor(value, signs);
  }

  /** A number with its sign turned where x is negative. */
  turnedBySignOf(value: V, x: V): V {
    return this.xor(value, this.signOf(x));
  }

  /** 2ⁿ for an integer n in the range of normal exponents. */
  powerOfTwo(n: V): V {
    const { bias, fraction } = this.format;
    return this.shiftLeft(this.addBits(n, this.integer(bias)), fraction);
  }

  /**
   * The nearest whole number n of scale·x, as a number and as an integer; |n| < 2^21 (float32), 2^50 (float64).
   *
   * Adding 1.5·2^fraction leaves no bits after the point, and puts n into the low bits.
   */
  wholePart(x: V, scale: number): { readonly n: V; readonly integer: V } {
    const shifter = 1.5 * 2 ** this.format.fraction;
    const shifted = this.madd(x, this.constant(scale), this.constant(shifter));
    return {
      n: this.sub(shifted, this.constant(shifter)),
      integer: this.subBits(shifted, this.constant(shifter)),
    };
  }

  /** A value, but NaN where the mask holds: all bits set are one. */
  nanWhere(mask: V, value: V): V {
    return this.or(value, mask);
  }
}
